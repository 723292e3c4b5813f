// Package datasets has the data sets of the course and of the reduced models by name: how each is made by our own simulator, where it is
// kept, and how it is checked and loaded.
//
// A data set is a pair of files in the user's cache folder: NAME-vVERSION.npz with the numbers, and NAME-vVERSION.json with what they
// are, how they were made, and their checksums. A version never changes: what would change a number is a new version. Making one can be
// interrupted at any time and goes on where it was; the same data set has the same numbers for any number of workers and interruptions.
//
// The numbers are sums over runs, exact whole numbers, from which means and covariances at all times follow. In the archive they are the
// arrays times [T]; volume, receptors, ip3 [C] for the conditions; and, for counts x and y, sum_x and sum_x_y [C, T].
//
// Other kinds of processor may round the propensities differently, and then draw other runs of the same law. The files say on which kind they
// were made.
package datasets
