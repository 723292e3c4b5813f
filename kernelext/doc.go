// Package kernelext shows results in Go notebooks: curves of moments, marginal
// and joint distributions, tables and one-line progress.
//
// What is shown comes as an Answer: a label and the snapshots of a solver. The
// first answer given is the reference, usually the exact one; every other is
// drawn over it with a mark of its own, and the legend says how far it is away
// as the Hellinger distance
//
//	D² = 1 − Σ √(p q)
//
// beside its noise floor, the distance that sampling alone would give
// (package dist).
//
// Every figure comes in two steps. A Draw function returns an SVG and needs no
// notebook; Show displays it in the output of the running cell, or does nothing
// where there is no notebook:
//
//	err := kernelext.Show(kernelext.DrawBands(style, answers...))
//
//	in time     DrawMoments, DrawBands, DrawWaterfall, DrawPaths, DrawPhasePlane
//	at a time   DrawMarginals, DrawJoint
//	side by side  DrawComparison, DrawDistances, DrawParity, DrawDiagnostics
//	over parameters  DrawMap, DrawMaps, DrawParallel, DrawMatrix, DrawBifurcation, DrawRanges
//	in space    DrawLattice, DrawKymograph
//	the model   DrawNetwork, ReactionFormulas, MasterEquation
//	anything else  DrawChart
//
// InteractiveChart, InteractiveMarginals, InteractivePaths, InteractiveMap and
// InteractiveMatrix are those that ShowInteractive lets people zoom into, by a
// plotly.js that lies beside JupyterLab; where it does not they are the pictures.
//
// ShowSlider, ShowSelect and ShowFrames put controls over figures that were drawn
// beforehand; ShowLive has the kernel draw them while a slider is moved.
//
// Run computes a job of package jobs once and keeps it in a run directory that is
// found by its settings; Start does so in the background, Follow watches it,
// ShowRuns lists and Stop stops. NewProgress and NewDashboard show how a run gets
// on, and DrawProgress how it got on.
//
// The SVG carries its fonts and a text for people who cannot see it, has a white
// ground, so that it can be read on dark pages as well, and uses the colours of
// M. Okabe and K. Ito (Color Universal Design, 2008), which the colour-blind can
// tell apart. The same input gives the same bytes.
package kernelext
