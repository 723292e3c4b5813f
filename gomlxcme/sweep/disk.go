package sweep

import (
	"errors"
	"fmt"
	"syscall"
)

// ErrDiskFull says that the disk has no room. What was done is kept.
var ErrDiskFull = errors.New("sweep: the disk is full")

// isFull reports whether an error says that there is no room.
func isFull(err error) bool {
	return errors.Is(err, ErrDiskFull) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// Full turns errors about a full disk into ErrDiskFull, and leaves the others as they are.
func Full(folder string, err error) error {
	if err == nil || !isFull(err) || errors.Is(err, ErrDiskFull) {
		return err
	}
	return fmt.Errorf("%w: %s; what is done is kept: make room and give the same command again (%w)", ErrDiskFull, folder, err)
}
