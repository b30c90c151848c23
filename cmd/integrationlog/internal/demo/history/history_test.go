// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// moments are when histories may end: in working hours, in the night, on a weekend, just
// after one, on the days of a change to and from daylight-saving time.
func moments(t *testing.T) map[string]time.Time {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	require.NoError(t, err)
	return map[string]time.Time{
		"Friday morning":   time.Date(2026, 11, 27, 9, 12, 33, 456789000, paris),
		"Wednesday night":  time.Date(2026, 11, 25, 2, 0, 0, 0, paris),
		"Sunday":           time.Date(2026, 11, 22, 15, 59, 59, 999999999, paris),
		"Monday, early":    time.Date(2026, 11, 23, 0, 0, 0, 0, paris),
		"spring forward":   time.Date(2026, 3, 29, 12, 30, 0, 0, paris),
		"fall back":        time.Date(2026, 10, 25, 12, 30, 0, 0, paris),
		"half-hour zone":   time.Date(2026, 11, 26, 18, 45, 0, 0, kolkata),
		"New Year, in UTC": time.Date(2027, 1, 1, 0, 30, 0, 0, time.UTC),
	}
}

func TestTheSameSeedGivesTheSame(t *testing.T) {
	for name, now := range moments(t) {
		t.Run(name, func(t *testing.T) {
			one := New(1, now)
			week := one.Week()
			other := New(1, now)
			require.Equal(t, week, other.Week())
			require.Equal(t, one.Webhooks, other.Webhooks)
			live, again := one.Live(), other.Live()
			for i := range 500 {
				at := now.Add(time.Duration(i) * time.Minute)
				require.Equal(t, live.Next(at), again.Next(at))
				require.Equal(t, live.Wait(20), again.Wait(20))
			}
			require.NotEqual(t, week, New(2, now).Week())
		})
	}
}

// TestALaterRunHasTheSameHistory: what both reach is the same for two runs within an hour,
// but for what the vendors' own limits cut off.
func TestALaterRunHasTheSameHistory(t *testing.T) {
	now := moments(t)["Friday morning"]
	later := now.Add(40 * time.Minute)
	own := func(events []Event) map[string]time.Time {
		ids := map[string]time.Time{}
		for _, event := range events {
			if event.What.Product() != activity.Salesforce && event.At.After(later.Add(-span)) && event.At.Before(now) {
				ids[id(t, event)] = event.At
			}
		}
		return ids
	}
	first, second := own(New(1, now).Week()), own(New(1, later).Week())
	assert.Greater(t, len(first), 3000)
	for id, at := range first {
		assert.Equal(t, at, second[id], id)
	}
}

func TestTheWeekIsWithinTheLog(t *testing.T) {
	for name, now := range moments(t) {
		t.Run(name, func(t *testing.T) {
			week := New(1, now).Week()
			assert.Greater(t, len(week), 3000)
			for i, event := range week {
				if i > 0 {
					assert.False(t, event.At.Before(week[i-1].At), "the oldest come first")
				}
				for _, at := range append(event.Logged, event.At) {
					assert.True(t, at.Before(now) && at.After(now.Add(-7*24*time.Hour+time.Hour)), "%s at %s", event.What.Product(), at)
				}
				if _, ok := event.What.(Change); ok {
					assert.True(t, event.At.After(now.Add(-72*time.Hour)), "Salesforce has forgotten %s", event.At)
				}
				if _, ok := event.What.(Call); ok {
					assert.True(t, event.At.Before(now.Add(-filesDelay)), "no file has the call of %s yet", event.At)
				}
			}
		})
	}
}

func TestHundredsADayAndQuietNights(t *testing.T) {
	for name, now := range moments(t) {
		t.Run(name, func(t *testing.T) {
			days, hours := map[string]int{}, map[int]int{}
			weekend, working := 0, 0
			for _, event := range New(3, now).Week() {
				at := event.At.In(now.Location())
				days[at.Format(time.DateOnly)] += len(event.Logged)
				hours[at.Hour()] += len(event.Logged)
				if isWorkingDay(at) {
					working += len(event.Logged)
				} else {
					weekend += len(event.Logged)
				}
			}
			for day, n := range days {
				at, err := time.Parse(time.DateOnly, day)
				require.NoError(t, err)
				if whole := now.Sub(at) > 30*time.Hour && now.Sub(at) < 5*24*time.Hour; whole && isWorkingDay(at) {
					assert.Greater(t, n, 500, day)
				}
			}
			night, noon := hours[1]+hours[2]+hours[3]+hours[4], hours[10]+hours[11]+hours[14]+hours[15]
			assert.Less(t, night*10, noon, "nights are quiet")
			assert.Positive(t, night, "and not dead")
			assert.Less(t, weekend*3, working*2, "a day of the weekend has less than a working day")
		})
	}
}

func TestIncidents(t *testing.T) {
	for name, now := range moments(t) {
		t.Run(name, func(t *testing.T) {
			company := New(1, now)
			week := company.Week()
			incidents := company.Incidents()
			require.Len(t, incidents, 3)
			during := func(i Incident, is func(What) bool) (inside, outside int) {
				for _, event := range week {
					switch within := !event.At.Before(i.At) && event.At.Before(i.At.Add(i.Long+time.Minute)); {
					case !is(event.What):
					case within:
						inside++
					default:
						outside++
					}
				}
				return inside, outside
			}
			days := map[string]bool{}
			for i, is := range []func(What) bool{
				func(w What) bool {
					call, ok := w.(Call)
					return ok && strings.HasPrefix(call.Exception, "UNABLE_TO_LOCK_ROW: ")
				},
				func(w What) bool {
					failure, ok := w.(Failure)
					return ok && strings.Contains(fmt.Sprint(failure.Event.Payload), "token was revoked")
				},
				func(w What) bool {
					row, ok := w.(Invocation)
					return ok && (row.Row.Status == "circuit broken" || row.Row.Status == "throttled" && row.Webhook == webhookOf(company, stock).ID)
				},
			} {
				inside, outside := during(incidents[i], is)
				assert.Greater(t, inside, 60, incidents[i].Name)
				assert.Less(t, outside, 12, incidents[i].Name)
				assert.True(t, isWorkingDay(incidents[i].At))
				days[incidents[i].At.Format(time.DateOnly)] = true
			}
			assert.Len(t, days, 3, "each on a day of its own")
		})
	}
}

func TestEverythingHasAnIDOfItsOwn(t *testing.T) {
	now := moments(t)["Friday morning"]
	company := New(1, now)
	events := company.Week()
	live := company.Live()
	for i := range 2000 {
		events = append(events, live.Next(now.Add(time.Duration(i)*time.Minute)))
	}
	ids := map[string]bool{}
	for _, event := range events {
		id := id(t, event)
		assert.False(t, ids[id], id)
		ids[id] = true
	}
}

// id is by what the log knows an event.
func id(t *testing.T, event Event) string {
	t.Helper()
	switch what := event.What.(type) {
	case Delivery:
		return fmt.Sprint(what.Shop, what.Webhook.Topic, what.Webhook.DeliveryID)
	case Failure:
		return what.Event.ID
	case Entry:
		return what.Entry.ID
	case Invocation:
		return fmt.Sprint(what.Webhook, what.Row.ID, what.Row.Status)
	case Change:
		return fmt.Sprint(what.Entity, what.Change.TransactionKey)
	case Call:
		return fmt.Sprint("call ", what.Number)
	default:
		require.Fail(t, "an event of another type", "%T", what)
		return ""
	}
}

func TestLiveIsOfNow(t *testing.T) {
	now := moments(t)["Friday morning"]
	live := New(1, now).Live()
	products := map[activity.Product]int{}
	var waited time.Duration
	for range 3000 {
		wait := live.Wait(20)
		waited += wait
		now = now.Add(wait)
		event := live.Next(now)
		require.False(t, event.At.After(now))
		require.NotEmpty(t, event.Logged)
		_, isCall := event.What.(Call)
		require.False(t, isCall, "calls are told of in files, hours later")
		products[event.What.Product()]++
	}
	assert.Len(t, products, len(activity.Products()))
	assert.InDelta(t, 3000/20*time.Minute, waited, float64(15*time.Minute))
}

// TestSeldomIsNotAtOnce: a time that is too long for a duration is not a negative one.
func TestSeldomIsNotAtOnce(t *testing.T) {
	live := New(1, moments(t)["Friday morning"]).Live()
	for range 100 {
		require.Greater(t, live.Wait(1e-300), time.Hour)
	}
}

// TestPersonsDoNotExist: addresses are at example.com, and phone numbers are of the range
// that is kept for fiction.
func TestPersonsDoNotExist(t *testing.T) {
	for _, event := range New(1, moments(t)["Friday morning"]).Week() {
		text := fmt.Sprintf("%+v", event.What)
		if delivery, ok := event.What.(Delivery); ok {
			text = string(delivery.Webhook.Body)
		}
		for _, part := range strings.Split(text, "@")[1:] {
			assert.Regexp(t, `^example\.com\b`, part)
		}
		for _, part := range strings.Split(text, "+44")[1:] {
			assert.Regexp(t, `^1632960`, part)
		}
	}
}

func webhookOf(c *Company, name string) Webhook {
	for _, webhook := range c.Webhooks {
		if webhook.Name == name {
			return webhook
		}
	}
	return Webhook{}
}
