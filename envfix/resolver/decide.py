"""The way from the judged files to references and edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from envfix.addresses import Address
from envfix.envfile import Binding, column
from envfix.knowledge.names import name_says
from envfix.knowledge.schemes import NO_DESTINATION, scheme_of
from envfix.readers import Found, Reading, Use, is_bystander
from envfix.records import Choice, Reader, Reference
from envfix.resolver.evidence import literals
from envfix.resolver.needs import Judge, Need
from envfix.resolver.ports import PortPlace, obstacle, place_of, written
from envfix.resolver.settle import Verdict, Voice, readers_of, settle
from envfix.settings import Settings, check_service, inline
from envfix.targets import Served


class Judged(NamedTuple):
    """What is judged: the documents by the path that the project knows them by, and whether host.docker.internal is to
    be repaired too."""

    paths: Sequence[str]
    settings: Settings
    host_gateway: bool = False


class Decided(NamedTuple):
    """A reference, the edits of it in its document ((start, end, new text) in the document's text), and where its
    binding stands: the path by which the project knows the file, and the binding's number."""

    reference: Reference
    edits: tuple[tuple[int, int, str], ...]
    path: str = ""
    index: int = -1


class Spot(NamedTuple):
    """A place of an env file where an address is written: `found` are its uses, `own` the address as the binding alone
    shows it."""

    path: str
    index: int
    offset: int
    own: Address
    binding: Binding
    found: tuple[Found, ...]


def judge_of(reading: Reading, paths: Sequence[str]) -> Judge:
    """The rules over this reading, with the comments above the bindings of the files at `paths`."""
    comments = {
        (path, index): binding.comments
        for path in paths
        for index, binding in enumerate(reading.documents[path].bindings)
        if binding.comments
    }
    return Judge(reading, literals(reading), comments)


def decide(reading: Reading, judged: Judged, judge: Judge) -> list[Decided]:
    """Every address of the judged env files, in the order of files and lines, with its decision."""
    return _Resolver(reading, judged, judge).run()


class _Resolver:
    def __init__(self, reading: Reading, judged: Judged, judge: Judge) -> None:
        self.reading = reading
        self.topology = reading.topology
        self.judged = judged
        self.paths = frozenset(judged.paths)
        self.judge = judge

    def run(self) -> list[Decided]:
        decided: list[Decided] = []
        for path in self.judged.paths:
            there = [one for spot in self._spots(path) for one in self._spot(spot)]
            decided += sorted(there, key=lambda one: (one.reference.start, one.reference.end))
        return _once(decided)

    # -- the places -------------------------------------------------------------------------------------------------

    def _spots(self, path: str) -> Iterator[Spot]:
        document = self.reading.documents[path]
        for index, binding in enumerate(document.bindings):
            if binding.value is None:
                continue
            text = self.reading.texts.binding(path, index, 0, inside=False)
            for address in self.reading.addresses(text):
                host = text.locate(address.start, address.end)
                if host is None or host.leaf.path != path or host.leaf.index != index:
                    continue
                offset = host.leaf.offset
                found = tuple(self.reading.by_leaf.get((path, index, -1, offset), ()))
                yield Spot(path, index, offset, address, binding, found)

    def _spot(self, spot: Spot) -> Iterator[Decided]:
        if spot.own.kind == "name":
            yield from self._service_name(spot)
        elif spot.own.kind == "gateway":
            yield from self._gateway(spot)
        else:
            yield from self._loopback(spot)

    def _loopback(self, spot: Spot) -> Iterator[Decided]:
        voices = self._voices(spot)
        pinned = self._pinned(spot, voices)
        if pinned is not None:
            yield from self._report(spot, pinned, voices)
            return
        verdict = self._without_readers(spot, voices)
        if verdict is None:
            verdict = self._among_readers(spot, voices)
        yield from self._report(spot, verdict, voices)

    # -- who has a say ----------------------------------------------------------------------------------------------

    def _users(self, spot: Spot) -> list[Found]:
        chosen = self.judged.settings.readers_of(spot.binding.name)
        files = self.judged.settings.env_files.get(spot.path)
        real = [found for found in spot.found if found.use.way != "infrastructure"]
        if chosen is not None:
            return [found for found in real if found.use.service in chosen]
        users = [found for found in real if not is_bystander(self.topology, found.use)]
        if files is not None:
            users = [found for found in users if found.use.service in files or found.use.way == "interpolation"]
        return users

    def _voices(self, spot: Spot) -> list[Voice]:
        return [Voice(found, self.judge.need(found)) for found in self._users(spot)]

    def _pinned(self, spot: Spot, voices: list[Voice]) -> Verdict | None:
        document = self.reading.documents[spot.path]
        lead = voices[0].found if voices else self._own_found(spot)
        pin = inline(spot.binding.comments, path=document.path, line=spot.binding.line)
        if pin is not None:
            if pin.service is None:
                return Verdict("keep", "pinned", "the comment above says so", lead)
            check_service(pin.service, self.topology.services, path=document.path, line=spot.binding.line)
            served = Served(pin.service, pin.port or 0, None, "pinned", "the comment above says so")
            return Verdict("rewrite", "pinned", served.detail, lead, served)
        settings = self.judged.settings
        name = spot.binding.name
        if settings.keeps(name):
            return Verdict("keep", "pinned", "the configuration says so (keep)", lead)
        target = settings.mapped(name, _shown(spot.own))
        if target is not None:
            served = Served(target[0], target[1], None, "pinned", "the configuration says so (map)")
            return Verdict("rewrite", "pinned", served.detail, lead, served)
        return None

    def _own_found(self, spot: Spot) -> Found | None:
        return spot.found[0] if spot.found else None

    def _without_readers(self, spot: Spot, voices: list[Voice]) -> Verdict | None:
        refusal = self._refusal(spot)
        lead = self._own_found(spot)
        if refusal:
            return Verdict("keep", "not-an-address", refusal, lead)
        if not voices:
            return self._unread(spot, lead)
        if self.judged.settings.is_browser(spot.binding.name):
            return Verdict("keep", "browser", "the configuration says so (browser)", lead)
        return None

    def _refusal(self, spot: Spot) -> str:
        address, name = spot.own, spot.binding.name
        if address.refusal:
            return f"it is no destination: {address.refusal}"
        says = name_says(name)
        scheme = scheme_of(address.scheme)
        if address.scheme in NO_DESTINATION:
            return f"{address.scheme}: names no host to connect to"
        if says.listing and (scheme is None or scheme.kind == "http"):
            return f"{name} is a list or a name ({says.listing}), no address to connect to"
        if address.dialect == "host" and says.is_a_name and not says.names_a_host:
            return f"{name} holds a name, no host"
        return ""

    def _unread(self, spot: Spot, lead: Found | None) -> Verdict:
        if any(found.use.way == "infrastructure" for found in spot.found) or self.reading.infrastructure.get(
            (spot.path, spot.index)
        ):
            return Verdict("keep", "infrastructure", "it lands only where no connection is opened from it", lead)
        bystanders = sorted({found.use.service for found in spot.found if found.use.way != "infrastructure"})
        if bystanders:
            return Verdict("keep", "unread", f"only {', '.join(bystanders)} receive it, and do not use it", lead)
        return Verdict("keep", "unread", "no service reads it: it is for programs on the host", lead)

    def _among_readers(self, spot: Spot, voices: list[Voice]) -> Verdict:
        active = [voice for voice in voices if self.topology.active(voice.found.use.service)]
        if active:
            return settle(active, self.topology)
        verdict = settle(voices, self.topology)
        if verdict.decision == "keep":
            return verdict
        profiles = sorted(
            {profile for voice in voices for profile in self.topology.services[voice.found.use.service].profiles}
        )
        served = (verdict.target,) if verdict.target else verdict.choices
        why = f"only services of the profile {', '.join(profiles)} read it, which is not active: without it the file serves programs on the host"
        return Verdict("ask", "ambiguous", why, verdict.lead, choices=served)

    # -- the report -------------------------------------------------------------------------------------------------

    def _report(self, spot: Spot, verdict: Verdict, voices: list[Voice]) -> Iterator[Decided]:
        lead = verdict.lead or self._standalone(spot)
        place = place_of(self.reading, lead)
        reader = lead.use.service
        if verdict.target is not None and verdict.target.container_port == 0:
            verdict = verdict._replace(target=verdict.target._replace(container_port=place.number or 0))
        verdict = self._with_port(spot, verdict, place)
        served = verdict.target
        document = self.reading.documents[spot.path]
        start, end, joined = self._span(spot, place)
        host = self._host(reader, served.service) if served else ""
        replacement = (
            written(host, spot.own, served, place if joined else place._replace(joined=None)) if served else None
        )
        readers = readers_of(voices, self.topology)
        reference = Reference(
            path=document.path,
            line=spot.binding.line + document.text.count("\n", spot.binding.start, start),
            column=column(document.text, start),
            variable=spot.binding.name,
            address=document.text[start:end],
            decision=verdict.decision,
            reason=verdict.reason,
            replacement=replacement,
            service=served.service if served else None,
            published_port=served.published if served else None,
            container_port=served.container_port or None if served else None,
            readers=readers,
            explanation=self._explain(verdict, voices, readers),
            choices=tuple(self._choice(spot, reader, one, place, joined) for one in verdict.choices),
            start=start,
            end=end,
            evidence=self._evidence(spot, voices),
        )
        edits = ((start, end, replacement),) if replacement is not None and verdict.decision == "rewrite" else ()
        yield Decided(reference, edits, spot.path, spot.index)
        if (
            served is not None
            and place.joined is None
            and place.run is not None
            and place.number != served.container_port
        ):
            yield self._sibling(place, served, reference)

    def _standalone(self, spot: Spot) -> Found:
        text = self.reading.texts.binding(spot.path, spot.index, 0, inside=False)
        host = text.locate(spot.own.start, spot.own.end)
        assert host is not None
        return Found(Use("", "unread", spot.binding.name, (), text, None, 0), spot.own, host)

    def _host(self, reader: str, service: str) -> str:
        return (
            self.topology.host_name(reader, service)
            if reader in self.topology.services
            else self.topology.owner(service)
        )

    def _span(self, spot: Spot, place: PortPlace) -> tuple[int, int, bool]:
        """The span of the address in the document, its port included where it stands right behind in the same binding."""
        own = spot.own
        length = own.end - own.start
        text = self.reading.texts.binding(spot.path, spot.index, 0, inside=False)
        joined = False
        if own.port_start is not None and own.port_end is not None and own.port_start > own.end:
            between = text.value[own.end : own.port_start]
            if (between in (":", ",") or between.lower().startswith("%")) and text.locate(
                own.start, own.port_end
            ) is not None:
                length, joined = own.port_end - own.start, True
        binding = spot.binding
        return binding.at(spot.offset), binding.at(spot.offset + length - 1) + 1, joined

    def _with_port(self, spot: Spot, verdict: Verdict, place: PortPlace) -> Verdict:
        """The verdict, turned into an ask where the port beside the host would have to change and cannot."""
        served = verdict.target
        if (
            verdict.decision != "rewrite"
            or served is None
            or place.number in (None, served.container_port)
            or place.joined is not None
        ):
            return verdict
        why = obstacle(self.reading, place, self.paths)
        if not why:
            return verdict
        said = (
            f"{served.service} serves it on {served.container_port}, so the port must change with the host, but {why}"
        )
        return Verdict("ask", "conflict", said, verdict.lead, choices=(served,))

    def _sibling(self, place: PortPlace, served: Served, host: Reference) -> Decided:
        assert place.run is not None
        leaf = place.run.leaf
        document = self.reading.documents[leaf.path]
        binding = document.bindings[leaf.index]
        start, end = binding.at(leaf.offset), binding.at(leaf.offset + place.run.length - 1) + 1
        reference = host._replace(
            path=document.path,
            line=binding.line + document.text.count("\n", binding.start, start),
            column=column(document.text, start),
            variable=binding.name,
            address=document.text[start:end],
            decision="rewrite",
            reason="sibling",
            replacement=str(served.container_port),
            explanation=f"the port of {host.variable}: {served.service} listens on {served.container_port} inside",
            choices=(),
            start=start,
            end=end,
        )
        return Decided(reference, ((start, end, str(served.container_port)),), leaf.path, leaf.index)

    def _choice(self, spot: Spot, reader: str, served: Served, place: PortPlace, joined: bool) -> Choice:
        host = self._host(reader, served.service)
        text = written(host, spot.own, served, place if joined else place._replace(joined=None))
        return Choice(text, served.service, served.container_port or None, served.detail)

    def _explain(self, verdict: Verdict, voices: list[Voice], readers: tuple[Reader, ...]) -> str:
        parts = [verdict.why]
        served = verdict.target
        if verdict.decision == "rewrite" and served is not None:
            parts = [served.detail]
            if readers:
                named = ", ".join(f"{reader.service} ({reader.way})" for reader in readers[:5])
                parts.append(f"read by {named}" + (f" and {len(readers) - 5} more" if len(readers) > 5 else ""))
            if not self.topology.active(served.service):
                profiles = ", ".join(self.topology.services[served.service].profiles)
                parts.append(f"{served.service} comes up only with the profile {profiles}")
            if "_" in self._host(voices[0].found.use.service if voices else "", served.service):
                parts.append("some libraries refuse a host with an underscore: a network alias without one helps them")
        return "; ".join(parts)

    def _evidence(self, spot: Spot, voices: list[Voice]) -> tuple[str, ...]:
        said: dict[tuple[str, str, Need], list[str]] = {}
        for voice in voices:
            use = voice.found.use
            name = use.variable if use.variable != spot.binding.name else ""
            said.setdefault((use.way, name, voice.need), []).append(use.service)
        lines = [
            f"{_listed(services)} by {way}{' as ' + name if name else ''}: {need.verdict}, {need.reason}: {need.why}"
            for (way, name, need), services in said.items()
        ]
        heard = {voice.found.use.service for voice in voices}
        silent = sorted({found.use.service for found in spot.found if found.use.way != "infrastructure"} - heard)
        lines += [f"{service} receives it and does not use it" for service in silent]
        for use in self.reading.infrastructure.get((spot.path, spot.index), ()):
            lines.append(f"{'.'.join(use.place)} of {use.service} is filled from it")
        if spot.own.port is not None:
            published, container = self.topology.serving(spot.own.port)
            lines += [f"candidate: {served.detail}" for served in (*published, *container)]
        return tuple(dict.fromkeys(lines))

    # -- names with a wrong port, and the host's gateway --------------------------------------------------------------

    def _service_name(self, spot: Spot) -> Iterator[Decided]:
        """`db:5433` where db publishes 5433:5432: the same mistake half made."""
        service = self.topology.names.get(spot.own.host)
        if service is None or spot.own.refusal:
            return
        for found in self._users(spot):
            place = place_of(self.reading, found)
            inside = self.topology.published(service).get(place.number or 0)
            if inside is None or place.number in self.topology.container_ports(service):
                continue
            if not self.topology.active(found.use.service) or not self.topology.reaches(found.use.service, service):
                continue
            if spot.own.port is None and not name_says(spot.binding.name).names_a_host:
                continue
            detail = f"{service} publishes {place.number}:{inside}, and inside it listens on {inside}"
            served = Served(service, inside, place.number, "published", detail)
            need = Need("rewrite", "published-port-on-service", detail, served)
            voices = [Voice(one, need) for one in self._users(spot)]
            verdict = Verdict("rewrite", "published-port-on-service", detail, found, served)
            for one in self._report(spot, verdict, voices):
                yield from self._keeping_name(spot, one)
            return

    def _keeping_name(self, spot: Spot, one: Decided) -> Iterator[Decided]:
        """The host stays as the person wrote it (it may be an alias); only the port changes."""
        reference = one.reference
        if reference.reason == "sibling":
            yield one._replace(reference=reference._replace(reason="published-port-on-service"))
        elif reference.address != spot.own.host and reference.replacement is not None:
            port = reference.replacement[reference.replacement.rindex(str(reference.container_port)) :]
            between = reference.address[len(spot.own.host) : len(spot.own.host) + 1]
            replacement = f"{spot.own.host}{between}{port}"
            edits = ((reference.start, reference.end, replacement),)
            yield one._replace(reference=reference._replace(replacement=replacement), edits=edits)

    def _gateway(self, spot: Spot) -> Iterator[Decided]:
        """host.docker.internal with the published port of a service of the same project."""
        users = self._users(spot)
        port = spot.own.port
        if port is None or not users:
            return
        published, _ = self.topology.serving(port)
        reachable = [
            served
            for served in published
            if any(self.topology.reaches(found.use.service, served.service) for found in users)
        ]
        if not reachable:
            return
        served = reachable[0]
        voices = [Voice(found, Need("rewrite", "host-gateway", served.detail, served)) for found in users]
        if self.judged.host_gateway and len(reachable) == 1:
            verdict = Verdict("rewrite", "host-gateway", served.detail, users[0], served)
        else:
            why = f"{served.service} of this project serves it as {served.service}:{served.container_port}; --host-gateway changes it"
            verdict = Verdict("keep", "host-gateway", why, users[0])
        yield from self._report(spot, verdict, voices)


def pinned_to_stay(binding: Binding, settings: Settings, path: str) -> str:
    """Why the user wants the binding to stay as it is, "" where nothing says so."""
    pin = inline(binding.comments, path=path, line=binding.line)
    if pin is not None:
        return "the comment above says so" if pin.keep else ""
    return "the configuration says so (keep)" if settings.keeps(binding.name) else ""


def unsettled(decided: Decided, reason: str, why: str) -> Decided:
    """The same place as an ask, with nothing to change."""
    reference = decided.reference._replace(
        decision="ask",
        reason=reason,
        replacement=None,
        service=None,
        published_port=None,
        container_port=None,
        explanation=why,
    )
    return decided._replace(reference=reference, edits=())


def _listed(services: list[str]) -> str:
    """Services as the subject of a sentence, the first of many."""
    first = ", ".join(services[:5])
    if len(services) > 5:
        first += f" and {len(services) - 5} more"
    return f"{first} {'reads' if len(services) == 1 else 'read'} it"


def _shown(address: Address) -> str:
    return address.host if address.port is None else f"{address.host}:{address.port}"


def _once(decided: list[Decided]) -> list[Decided]:
    """Each place once; two hosts that share a port which they would change differently are asked about."""
    seen: dict[tuple[str, int, int], Decided] = {}
    for one in decided:
        key = (one.reference.path, one.reference.start, one.reference.end)
        known = seen.get(key)
        if known is None:
            seen[key] = one
        elif known.reference.replacement != one.reference.replacement:
            seen[key] = unsettled(known, "conflict", "two hosts share this port and need different values")
    return list(seen.values())


__all__ = ["Decided", "Judged", "decide", "judge_of", "pinned_to_stay", "unsettled"]
