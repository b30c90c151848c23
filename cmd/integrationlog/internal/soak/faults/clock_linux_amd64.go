// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Clock is that of a running process, which can be moved while the machine's is as it was.
//
// Programs read the clock in the vDSO, a library that the kernel puts into their memory. Its
// clock_gettime is replaced by one that asks the kernel and adds seconds to the time of day.
// The monotonic clock goes on, as it does where a machine's clock is set.
// Sources: vdso(7), https://refspecs.linuxbase.org/elf/x86_64-abi-0.99.pdf for the calling convention.
type Clock struct {
	memory *os.File
	offset int64
}

const (
	gettime = "__vdso_clock_gettime"
	// jumpSize is that of the jump at the beginning of the kernel's function.
	jumpSize = 5
	// offsetAt is where the function that takes its place has the seconds that it adds.
	offsetAt = 24
	// stopWithin is how long the threads of a process may take to stop.
	stopWithin = 5 * time.Second
)

// moved is the function; the seconds come behind it.
var moved = []byte{
	0xb8, 0xe4, 0, 0, 0, // mov eax, 228 (clock_gettime)
	0x0f, 0x05, // syscall
	0x85, 0xff, // test edi, edi (CLOCK_REALTIME is 0)
	0x75, 10, // jne to the end
	0x48, 0x8b, 0x0d, 6, 0, 0, 0, // mov rcx, the seconds
	0x48, 0x01, 0x0e, // add [rsi], rcx
	0xc3, 0, 0, // ret
	0, 0, 0, 0, 0, 0, 0, 0,
}

// TakeClock takes hold of the clock of a process that this one has started.
func TakeClock(pid int) (*Clock, error) {
	from, to, err := findVDSO(pid)
	if err != nil {
		return nil, err
	}
	memory, err := os.OpenFile(inProc(pid, "mem"), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	c := &Clock{memory: memory}
	if err := c.replace(pid, from, to); err != nil {
		return nil, errors.Join(fmt.Errorf("the clock of process %d: %w", pid, err), memory.Close())
	}
	return c, nil
}

// Move makes the clock differ from the machine's by so many whole seconds.
func (c *Clock) Move(by time.Duration) error {
	return c.write(binary.LittleEndian.AppendUint64(nil, uint64(by/time.Second)), c.offset) //nolint:gosec // negative ones are added, too
}

// Close lets go of the process. Its clock stays as it is.
func (c *Clock) Close() error { return c.memory.Close() }

func (c *Clock) write(content []byte, at int64) error {
	_, err := c.memory.WriteAt(content, at)
	return err
}

// replace writes the function behind the library, and lets the kernel's begin with a jump to it.
func (c *Clock) replace(pid int, from, to int64) error {
	image := make([]byte, to-from)
	if _, err := io.ReadFull(io.NewSectionReader(c.memory, from, to-from), image); err != nil {
		return err
	}
	entry, err := entryOf(image)
	if err != nil {
		return err
	}
	const alignment = 16
	free := (len(bytes.TrimRight(image, "\x00")) + 2*alignment - 1) / alignment * alignment
	if free+len(moved) > len(image) {
		return errors.New("there is no room in the vDSO")
	}
	c.offset = from + int64(free) + offsetAt
	if err := c.write(moved, from+int64(free)); err != nil {
		return err
	}
	jump := binary.LittleEndian.AppendUint32([]byte{0xe9}, uint32(int64(free)-entry-jumpSize)) //nolint:gosec // the library has a few pages
	return stopped(pid, from+entry, func() error { return c.write(jump, from+entry) })
}

func entryOf(image []byte) (int64, error) {
	library, err := elf.NewFile(bytes.NewReader(image))
	if err != nil {
		return 0, err
	}
	symbols, err := library.DynamicSymbols()
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(symbols, func(s elf.Symbol) bool { return s.Name == gettime })
	if i < 0 {
		return 0, errors.New("the vDSO has no " + gettime)
	}
	return int64(symbols[i].Value), nil //nolint:gosec // the library has a few pages
}

// stopped does something while no thread of a process runs, nor is within what the jump overwrites.
func stopped(pid int, entry int64, do func() error) (err error) {
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(stopWithin); time.Now().Before(deadline); <-ticker.C {
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			return err
		}
		safe, err := threadsStopped(pid, entry)
		if err == nil && safe {
			err = do()
		}
		if err := errors.Join(err, syscall.Kill(pid, syscall.SIGCONT)); err != nil || safe {
			return err
		}
	}
	return fmt.Errorf("its threads have not stopped within %s", stopWithin)
}

// threadsStopped tells whether all threads have stopped, at harmless places.
func threadsStopped(pid int, entry int64) (bool, error) {
	calls, err := filepath.Glob(inProc(pid, "task/*/syscall"))
	if err != nil || len(calls) == 0 {
		return false, errors.Join(err, fmt.Errorf("process %d has ended", pid))
	}
	for _, path := range calls {
		content, err := os.ReadFile(path)                                    //nolint:gosec // a file of the kernel
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) { // the thread has ended
			return false, nil
		}
		if err != nil {
			return false, err
		}
		fields := strings.Fields(string(content))
		if len(fields) < 3 { // it runs
			return false, nil
		}
		at, err := strconv.ParseInt(strings.TrimPrefix(fields[len(fields)-1], "0x"), 16, 64)
		if err != nil {
			return false, err
		}
		if at > entry && at < entry+jumpSize {
			return false, nil
		}
	}
	return true, nil
}

func findVDSO(pid int) (from, to int64, err error) {
	maps, err := os.ReadFile(inProc(pid, "maps"))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(maps)) {
		if strings.HasSuffix(strings.TrimSpace(line), "[vdso]") {
			_, err := fmt.Sscanf(line, "%x-%x", &from, &to)
			return from, to, err
		}
	}
	return 0, 0, fmt.Errorf("process %d has no vDSO", pid)
}

func inProc(pid int, name string) string { return fmt.Sprintf("/proc/%d/%s", pid, name) }
