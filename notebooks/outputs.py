"""What the cells of a notebook put out."""

import copy


def joined(outputs):
    """Outputs with text that came in pieces put together: where a stream is cut depends on the moment."""
    found = []
    for output in outputs:
        last = found[-1] if found else None
        if last is not None and last.output_type == output.output_type == "stream" and last.name == output.name:
            last.text += output.text
        else:
            found.append(copy.copy(output))
    return found
