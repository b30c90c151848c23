// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package count

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestMemoryIsBounded(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.MaxActivities = 2 })
	count := func(id string) int64 {
		return b.Count(activity.NewLogs(activity.Scope{}, order(id, noon, noon, activity.Info))).Repeated
	}
	assert.Zero(t, count("1"))
	assert.Zero(t, count("2"))
	assert.Equal(t, int64(1), count("1"), "and it is new again")
	assert.Zero(t, count("3"))
	assert.Equal(t, 2, b.counted.digests.Len())
	assert.Equal(t, int64(1), count("1"))
	assert.Zero(t, count("2"), "the one that was longest ago is forgotten")
}

func TestProductsAreBounded(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.MaxProducts = 2 })
	var result Result
	for i := range 10 {
		a := activity.Activity{ID: "the same", Product: activity.Product(fmt.Sprint("p", i)), Type: "t", Status: activity.Info}
		r := b.Count(activity.NewLogs(activity.Scope{}, a))
		result.OtherProduct += r.OtherProduct
		result.Repeated += r.Repeated
	}
	assert.Equal(t, Result{OtherProduct: 8}, result, "two products have two activities, though they are counted as one product")
	assert.Equal(t, map[string]float64{"t p0 info": 1, "t p1 info": 1, "t other info": 8}, b.series(t, activities))
	b.Count(activity.NewLogs(activity.Scope{}, order("1", noon, noon, activity.Info)))
	assert.InDelta(t, 1, b.series(t, activities)["order shopify info"], 0, "those of the log always have their own")
}

func TestActivityTypesAreBounded(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.MaxActivityTypes = 2 })
	var other int64
	for _, name := range []string{"order", "x", "y", "z", "x", "", "_OTHER", "customer", "z"} {
		a := order("", noon, noon, activity.Info)
		a.Type = name
		other += b.Count(activity.NewLogs(activity.Scope{}, a)).OtherType
	}
	assert.Equal(t, int64(2), other, "z, twice: what says no type is not beyond the bound")
	assert.Equal(t, map[string]float64{
		"order shopify info": 1, "x shopify info": 2, "y shopify info": 1, "_OTHER shopify info": 4, "customer shopify info": 1,
	}, b.series(t, activities))
	assert.Len(t, b.all(t, activities), 4*(6+2+1))
}

func TestErrorTypesAreFixed(t *testing.T) {
	b := newBench(t)
	for _, class := range append(activity.ErrorTypes(), "quota", "") {
		a := order("", noon, noon, activity.Error)
		a.Error = &activity.Failure{Type: class}
		b.Count(activity.NewLogs(activity.Scope{}, a))
	}
	warned := order("", noon, noon, activity.Warning)
	warned.Error = &activity.Failure{Type: activity.ErrorConflict}
	b.Count(activity.NewLogs(activity.Scope{}, warned))

	counted := b.all(t, failures)
	assert.Len(t, counted, 10)
	assert.InDelta(t, 3, counted["_OTHER shopify"], 0)
	assert.InDelta(t, 1, counted["conflict shopify"], 0, "a warning with an error.type is no error")
}

func TestLabelsAreValid(t *testing.T) {
	b := newBench(t)
	logs := activity.NewLogs(activity.Scope{}, order("1", noon, noon, activity.Info))
	attributes := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes()
	attributes.PutStr(activity.ProductKey, "caf\xe9")
	attributes.PutStr(activity.TypeKey, strings.Repeat("long ", 1000))
	attributes.PutEmptyMap(activity.StatusKey).PutStr("is", "a map")
	attributes.PutEmptySlice(activity.IDKey).AppendEmpty().SetInt(7)
	b.Count(logs)
	for labels := range b.series(t, activities) {
		assert.Contains(t, labels, " caf? info")
		assert.LessOrEqual(t, len(labels), 128+len(" caf? info"))
	}
	assert.Len(t, b.series(t, activities), 1)
	assert.Equal(t, int64(1), b.Count(logs).Repeated, "an id that is no text is one all the same")
}
