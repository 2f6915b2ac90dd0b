"""Part of a plan: the changes that were chosen, and no others."""

from __future__ import annotations

from collections.abc import Iterable

from envfix.envfile import parse_env
from envfix.records import Edit, Patch, Plan, Reference
from envfix.rewriter import apply_edits, verify


def only(plan: Plan, chosen: Iterable[Reference]) -> Plan:
    """The plan with the references `chosen` alone, and with what they change. An address in a compose file brings the
    whole repair of that file along."""
    references = tuple(chosen)
    edits: dict[str, list[Edit]] = {}
    for reference in references:
        if reference.decision == "rewrite" and reference.replacement is not None:
            edits.setdefault(reference.path, []).append(Edit(reference.start, reference.end, reference.replacement))
    patches = tuple(
        patch if patch.path in plan.compose_files else _patch(patch, edits[patch.path])
        for patch in plan.patches
        if patch.path in edits
    )
    changed = {patch.path for patch in patches}
    states = tuple(state._replace(changed=state.path in changed) for state in plan.env_files)
    return plan._replace(references=references, patches=patches, env_files=states)


def _patch(patch: Patch, edits: list[Edit]) -> Patch:
    document = parse_env(patch.before, patch.path)
    wanted = sorted(set(edits))
    after = apply_edits(document, wanted)
    verify(document, after, wanted)
    return Patch(patch.path, patch.before, after)
