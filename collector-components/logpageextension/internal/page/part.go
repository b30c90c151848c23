// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import "context"

// part is something that a page can do without at first. It is not Ready where it took too
// long: the script then asks for it.
type part[T any] struct {
	Value T
	Err   error
	Ready bool
}

// pending is a part that is being read.
type pending[T any] chan part[T]

// begin reads something beside what else a page reads. It ends with the page's context.
func begin[T any](ctx context.Context, read func(context.Context) (T, error)) pending[T] {
	result := make(pending[T], 1)
	go func() {
		value, err := read(ctx)
		result <- part[T]{value, err, true}
	}()
	return result
}

// within waits for the part until soft is done.
func (p pending[T]) within(soft context.Context) part[T] {
	select {
	case result := <-p:
		return result
	default:
	}
	select {
	case result := <-p:
		return result
	case <-soft.Done():
		return part[T]{}
	}
}

// soft is the context of waiting for what a page can do without at first.
func (v *visit) soft() (context.Context, context.CancelFunc) {
	if v.View.Wait {
		return context.WithCancel(v.ctx)
	}
	return context.WithTimeout(v.ctx, v.page.SoftDeadline)
}
