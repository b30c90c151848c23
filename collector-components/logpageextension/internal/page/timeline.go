// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"net/http"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/inert"
)

// maxTimeline is how many activities a timeline shows at a time.
const maxTimeline = 200

// timelinePage is all that happened to one object.
type timelinePage struct {
	*visit
	Title   string
	Days    []timelineDay
	Problem *problem
	// NoObject is set where the URL names none.
	NoObject             bool
	Older, Newer, Newest string
}

// timelineDay are the activities of a day.
type timelineDay struct {
	Date string
	Rows []row
}

// timeline answers with the activities of an object, in the whole time of the log.
func (p *page) timeline(v *visit) response {
	t := &timelinePage{visit: v, NoObject: v.View.ObjectID == ""}
	if t.NoObject {
		return response{status: http.StatusBadRequest, template: "timeline", data: t}
	}
	t.Title = v.T("timeline.title", inert.Text(v.ObjectType(v.View.ObjectType)), inert.Text(v.View.ObjectID))
	slice := v.View.Slice()
	slice.Limit = maxTimeline
	read, err := p.reader.Page(v.ctx, v.View.Filter(v.Now), slice)
	if t.Problem = v.problemOf(err); t.Problem != nil {
		return response{status: t.Problem.status, template: "timeline", data: t}
	}
	var day time.Time
	for i := range read.Activities {
		at := v.In(read.Activities[i].Time)
		if y, m, d := at.Date(); !day.Equal(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)) {
			day = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
			t.Days = append(t.Days, timelineDay{Date: v.Date(at)})
		}
		last := &t.Days[len(t.Days)-1]
		last.Rows = append(last.Rows, v.row(read.Activities[i]))
	}
	t.pages(read)
	return show("timeline", t)
}

func (t *timelinePage) pages(read activities.Page) {
	n := len(read.Activities)
	if n == 0 {
		return
	}
	view := t.View.First()
	if read.HasOlder {
		view.Older = read.Activities[n-1].Position
		t.Older = t.Here(view)
	}
	view = t.View.First()
	if read.HasNewer {
		view.Newer = read.Activities[0].Position
		t.Newer = t.Here(view)
	}
}
