package sbml

import "github.com/gomlx-cme/cme/gomlxcme/crn"

// event adds an event to the document.
func (w *writer) event(m *outputModel, e crn.Event, id string) {
	out := outputEvent{ID: id, Name: nameBeside(e.Name, id), AtTrigger: !e.Late,
		Trigger: outputTrigger{Initial: e.Initial, Persistent: !e.Revocable, Math: mathOf(e.Trigger)}}
	for _, part := range []struct {
		f  crn.Formula
		to **outputFormula
	}{{e.Delay, &out.Delay}, {e.Priority, &out.Priority}} {
		if part.f.Op != "" {
			*part.to = &outputFormula{mathOf(part.f)}
		}
	}
	for _, a := range e.Assignments {
		if out.Assignments == nil {
			out.Assignments = &outputAssignments{}
		}
		out.Assignments.List = append(out.Assignments.List, outputAssignment{w.n.Species[a.Species].Name, mathOf(a.Value)})
	}
	if m.Events == nil {
		m.Events = &outputEvents{}
	}
	m.Events.List = append(m.Events.List, out)
}
