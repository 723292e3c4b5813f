// Package fetch gets PJRT plugins of XLA when asked: by pip, from the wheels of
// PyPI or of the index that pip is set to use, in pinned versions whose hashes pip
// checks. It writes to a folder of our own (backend.Home), never to Python's, and
// what is there is whole: a plugin is put together under another name and renamed
// at the end.
package fetch
