// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// vendor writes the files of one day as Salesforce does: hourly ones with increments, a
// daily one that is replaced, of RestApi and of ApiTotalUsage, early and late, in any order.
type vendor struct {
	org    *org
	random *rand.Rand
	// hourly is the first hour of which there are hourly files.
	hourly int
}

// call is one that failed. Some are equal in all that a file tells.
type call struct {
	name   string
	hour   int
	minute int
	soap   bool
	late   bool
}

func (c call) rest() string { return restRow(c.name, c.hour, c.minute) }

func (c call) usage() string {
	family := "REST"
	if c.soap {
		family = "SOAP"
	}
	return usageRow(c.name, family, c.hour, c.minute)
}

func (v *vendor) calls(n int) []call {
	var all []call
	for i := range n {
		c := call{fmt.Sprint("TID:", i/2), v.random.IntN(24), v.random.IntN(2), v.random.IntN(4) == 0, v.random.IntN(3) == 0}
		if i%2 == 1 {
			c.hour, c.minute, c.soap = all[i-1].hour, all[i-1].minute, all[i-1].soap
		}
		all = append(all, c)
	}
	return all
}

// at returns when a file is written: within two days from the tests' start.
func (v *vendor) at() time.Time { return start.Add(time.Duration(v.random.IntN(48*60)) * time.Minute) }

// writeHourly plans two files for each hour: what is late comes in the second.
func (v *vendor) writeHourly(calls []call) {
	for hour := v.hourly; hour < 24; hour++ {
		for _, late := range []bool{false, true} {
			var rows []string
			for _, c := range calls {
				if c.hour == hour && c.late == late && !c.soap {
					rows = append(rows, c.rest())
				}
			}
			v.org.add("RestApi/Hourly", hour, v.at(), rows...)
		}
	}
}

// writeDaily plans the file of the day, and returns what replaces it once its time has come:
// a file that has what is late, too.
func (v *vendor) writeDaily(name source, calls []call) (replace func(now time.Time)) {
	var early, all []string
	for _, c := range calls {
		row := c.usage()
		if name == "RestApi/Daily" {
			if c.soap {
				continue
			}
			row = c.rest()
		}
		if !c.late {
			early = append(early, row)
		}
		all = append(all, row)
	}
	v.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	f := v.org.add(name, 0, v.at(), early...)
	replaced := f.Created.Add(time.Duration(1+v.random.IntN(20)) * time.Hour)
	return func(now time.Time) {
		if !now.Before(replaced) && f.Created.Before(replaced) {
			f.Created, f.content = replaced, headers[string(f.Type)]+strings.Join(all, "")
		}
	}
}

// write plans all files.
func (v *vendor) write(calls []call, withRestAPI bool) (steps []func(now time.Time)) {
	if withRestAPI {
		v.writeHourly(calls)
		steps = append(steps, v.writeDaily("RestApi/Daily", calls))
	}
	return append(steps, v.writeDaily("ApiTotalUsage/Daily", calls))
}

// TestModel: whatever comes when, with a pipeline that is full now and then and a process
// that is restarted, each call is delivered once.
func TestModel(t *testing.T) {
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 7))
		h := newHarness(t)
		v := &vendor{org: h.org, random: random, hourly: random.IntN(30)}
		calls := v.calls(40)
		steps := v.write(calls, random.IntN(4) > 0)
		for hour := range 80 {
			h.org.now = start.Add(time.Duration(hour) * time.Hour)
			for _, step := range steps {
				step(h.org.now)
			}
			h.failAfter = random.IntN(8) - 3
			if err := h.poller.Poll(t.Context()); err != nil {
				require.ErrorIs(t, err, errFull)
			}
			if random.IntN(3) == 0 {
				h.restart()
			}
		}
		h.failAfter = -1
		h.poll()
		want := make([]string, 0, len(calls))
		for _, c := range calls {
			want = append(want, c.name)
		}
		got := h.requests()
		slices.Sort(want)
		slices.Sort(got)
		require.Equal(t, want, got, "seed %d", seed)
	}
}

// dyingStore fails from one write on, as a process that is killed.
type dyingStore struct {
	Store
	writes int
}

var errKilled = errors.New("killed")

func (s *dyingStore) Save(ctx context.Context, key string, document any) error {
	s.writes--
	if s.writes < 0 {
		return errKilled
	}
	return s.Store.Save(ctx, key, document)
}

func asJSON(t *testing.T, a activity.Activity) string {
	t.Helper()
	content, err := (&plog.JSONMarshaler{}).MarshalLogs(activity.NewLogs(activity.Scope{}, a))
	require.NoError(t, err)
	return string(content)
}

// TestKilled: wherever a process is killed, the next one delivers what is missing, and what
// it delivers again is the very same activity.
func TestKilled(t *testing.T) {
	var want map[string]string
	for writes := range 20 {
		h := newHarness(t)
		v := &vendor{org: h.org, random: rand.New(rand.NewPCG(1, 1)), hourly: 12}
		v.write(v.calls(30), true)
		h.org.now = start.Add(72 * time.Hour)
		store := h.store
		h.store = &dyingStore{store, writes}
		h.restart()
		if err := h.poller.Poll(t.Context()); err != nil {
			require.ErrorIs(t, err, errKilled)
		}
		h.store = store
		h.restart()
		h.poll()
		got := map[string]string{}
		for i := range h.taken {
			a := h.taken[i]
			a.Observed = time.Time{}
			text := asJSON(t, a)
			if before, again := got[a.ID]; again {
				require.Equal(t, before, text)
			}
			got[a.ID] = text
		}
		if want == nil {
			want = got
		}
		require.Equal(t, want, got, "killed after %d writes", writes)
	}
	require.NotEmpty(t, want)
}
