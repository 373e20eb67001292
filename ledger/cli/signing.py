"""For keepers and witnesses: keys, checkpoints, and signatures under the checkpoints of others."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.cli import output
from ledger.cli.new_files import all_new, hand_out
from ledger.cli.options import GlobalGroup, GlobalOptions, asked_format
from ledger.cli.verifying import bar
from ledger.cli.witnesses import asked_vkeys, parsed
from ledger.disk import read
from ledger.errors import Conflict, NotFound, UsageError

if TYPE_CHECKING:
    from ledger.cli.desk import Desk
    from ledger.transparency.keys import Keyring
    from ledger.transparency.note import Checkpoint, VerifierKey

asked_yes = click.option("-y", "--yes", is_flag=True, help="Write without asking.")
asked_clerk = click.option("--clerk", metavar="SLUG", help="Who records; else CIVIC_CLERK, or as ledger.toml says.")


@click.command("checkpoint", cls=GlobalOptions)
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False), help="A new file for the checkpoint."
)
@click.option(
    "--cosigned",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Sign nothing: take in the signatures of witnesses from this file: a checkpoint, or what a witness answered.",
)
@asked_vkeys
@asked_format
@click.pass_obj
def checkpoint_(
    desk: Desk, target: Path | None, cosigned: Path | None, vkeys: tuple[str, ...], format_: str | None
) -> None:
    """Sign the ledger as it is now: whoever keeps the checkpoint can prove later that nothing before it was altered.

    Everything that is signed is read and hashed again. Four lines are printed for the minutes; the checkpoint itself
    (a C2SP signed note) is kept in log/checkpoint and, with -o, in a file to hand out. Nothing is signed that does
    not continue what was signed before.

    Fields (JSON): origin, size, root, signed_by, checkpoint.
    """
    from ledger.transparency import checkpointing, note, sealing

    where = desk.folder
    all_new(target)
    if vkeys and not cosigned:
        raise UsageError("--vkey names whose signatures are taken in", mend="add --cosigned FILE, or leave it out")
    if cosigned:
        try:
            data, keys = read(cosigned), parsed(vkeys)
            if data.startswith("— ".encode()):
                other = checkpointing.answered(where.log, data, keys)
            else:
                other = note.parse_checkpoint(data)
        except (OSError, note.Malformed) as error:
            raise UsageError(
                f"{cosigned} is neither a checkpoint nor what a witness answers: {error}", mend="look at the file"
            ) from error
        taken, fresh = checkpointing.add_signatures(where.log, other, keys)
        if not fresh and not desk.quiet:
            output.note("already signed so: no signature was added")
    else:
        keyring = replace(desk.keyring, passphrase=cache(desk.keyring.passphrase))  # it is asked for once
        _refuse_another_key(desk, keyring)
        former = keyring.last_signed()
        gone = checkpointing.unkept(where.log, [former] if former else [])
        signed = desk.lasting(
            "a checkpoint was signed: civic checkpoint prints it", lambda: keyring.last_signed() != former
        )
        with signed, desk.ledger() as ledger, bar(desk) as watch:
            taken = checkpointing.take(where.log, where.origin, where.settings_digest, ledger, keyring, watch)
        _say_put_back(gone, sealing.signed_sizes(where.log))
    if target:
        hand_out(target, str(taken).encode())
    signers = [f"{one.name}+{one.key_id.hex()}" for one in taken.note.signatures]
    form = output.chosen(format_)
    if form == "table":
        for line in _slip(desk, taken, signers):
            output.say(output.safe(line))
    else:
        told = {"origin": taken.origin, "size": taken.size, "root": note.to_base64(taken.root)}
        row: dict[str, object] = {**told, "signed_by": signers, "checkpoint": str(taken)}
        output.rows([row], form, tuple(row))


def _refuse_another_key(desk: Desk, keyring: Keyring) -> None:
    """The ledger is signed with the key that its entries tell of as the one in use.

    Raises:
        Conflict: the key on this machine is another.
    """
    from ledger.transparency import note

    if not keyring.path.exists() or not desk.target().position:
        return  # then nothing can be signed, and that is told in its own words
    own = str(note.verifier_of(keyring.load(), keyring.name))
    introduced = [vkey for vkey in _introduced(desk) if note.parse_key(vkey).name == keyring.name]
    if introduced[-1:] != [own]:
        raise Conflict(
            f"the key on this machine, {'+'.join(own.split('+')[:2])}, is not the one in use",
            why=f"the entries tell of {'+'.join(introduced[-1].split('+')[:2]) if introduced else 'none'}",
            mend="civic key init records a new key; one that was rotated out signs no more: put the new one back",
        )


def _say_put_back(gone: list[int], kept: list[int]) -> None:
    """Say which checkpoints were gone from the log: those that were put back, and those that nobody here has."""
    for size in gone:
        if size in kept:
            output.note(f"log/checkpoints/{size} was not there, and was put back")
        else:
            output.note(
                f"warning: the checkpoint of {size} entries was signed, and is gone: if somebody has a copy, hold the"
                " entries against it: civic verify --checkpoint FILE"
            )


def _slip(desk: Desk, taken: Checkpoint, signers: list[str]) -> list[str]:
    """Four lines to be copied into the minutes: the first three are the checkpoint itself."""
    with desk.ledger(read_only=True) as ledger:
        last = next(iter(ledger.read(taken.size - 1, 1)))
    moment = f"{last.recorded_at:%Y-%m-%d %H:%M} UTC"
    return [*taken.note.text.splitlines()[:3], f"signed {', '.join(signers)}; last entry {moment}"]


@click.group("key", cls=GlobalGroup)
def key_() -> None:
    """The key that signs checkpoints: kept on this machine, outside the folder of the ledger."""


@key_.command("init")
@click.option("--as", "name", metavar="NAME", help="A witness's own name, instead of the ledger's: for civic cosign.")
@click.option(
    "--passphrase", "encrypted", is_flag=True, help="Lock the key with a passphrase (asked, or CIVIC_PASSPHRASE)."
)
@click.option("--replace", is_flag=True, help="Put the key in use, which is on another machine, out of use for good.")
@asked_clerk
@asked_yes
@click.pass_obj
def init_(desk: Desk, name: str | None, clerk: str | None, *, encrypted: bool, replace: bool, yes: bool) -> None:
    """Make the key of the ledger, and record its public half (key-introduced).

    Where a key is on record that is not on this machine, that one would sign no more: --yes alone is not enough.
    """
    from ledger.transparency import note

    if name is not None:
        keyring = desk.keys_of(name)
        former = keyring.path.exists()
        with desk.lasting(f"the key {keyring.path} was made", lambda: not former and keyring.path.exists()):
            made = keyring.make(encrypted=encrypted)
        _say_key(note.VerifierKey(made.name, made.public, note.COSIGNATURE), desk.keys_of(name), desk)
        return
    keyring = desk.keyring
    there = keyring.path.exists()
    elsewhere = _key_elsewhere(desk, keyring)
    if elsewhere and yes and not replace:
        raise Conflict(
            f"the ledger is signed with the key {elsewhere}, which is not on this machine",
            why="once another is recorded, no checkpoint can be signed with that one any more",
            mend="sign where that key is; if it is lost: civic key init --replace",
        )
    if elsewhere and not desk.quiet:
        output.note(output.safe(f"the ledger is signed with the key {elsewhere}, which is not on this machine;"))
        output.note("once another is recorded, no checkpoint can be signed with that one any more")
    question = "Make another key, and record for good that it takes the place of that one?" if elsewhere else ""
    _asked(desk, question or "Make a key, and record its public half for good?", yes=yes)
    with desk.lasting(f"the key {keyring.path} was made", lambda: not there and keyring.path.exists()):
        made = note.verifier_of(keyring.load(), keyring.name) if there else keyring.make(encrypted=encrypted)
    if str(made) in _introduced(desk):
        raise Conflict(
            f"there is a key already: {keyring.path}", mend="civic key show prints it; civic key rotate replaces it"
        )
    # Killed here, there is a key that no entry tells of; asked again, init records it.
    record_custody(desk, "key-introduced", {"vkey": str(made)}, clerk)
    _say_key(made, keyring, desk)
    if there and not desk.quiet:
        output.note("it was on this machine already, as the key of this name, and is taken over")


def _key_elsewhere(desk: Desk, keyring: Keyring) -> str:
    """The key that the entries name as the one in use, if it is not the one on this machine; empty if there is none."""
    from ledger.transparency import note

    named = [key for vkey in _introduced(desk) if (key := note.parse_key(vkey)).name == keyring.name]
    if not named or (keyring.path.exists() and str(note.verifier_of(keyring.load(), keyring.name)) == str(named[-1])):
        return ""
    return f"{named[-1].name}+{named[-1].id.hex()}"


@key_.command("show")
@click.option("--as", "name", metavar="NAME", help="A witness's own name, instead of the ledger's.")
@asked_format
@click.pass_obj
def show_(desk: Desk, name: str | None, format_: str | None) -> None:
    """Print the public half of the key, and a fingerprint to read over the telephone.

    Fields (JSON): vkey, fingerprint, introduced, here.
    """
    from ledger.transparency import note

    rows: list[dict[str, object]]
    if name is not None:
        key = note.verifier_of(desk.keys_of(name).load(), name, note.COSIGNATURE)
        rows = [{"vkey": str(key), "fingerprint": key.fingerprint, "introduced": None, "here": True}]
    else:
        own = str(note.verifier_of(desk.keyring.load(), desk.keyring.name)) if desk.keyring.path.exists() else None
        found = _introduced(desk)
        if own and own not in found:
            found[own] = None
        rows = [
            {"vkey": vkey, "fingerprint": note.parse_key(vkey).fingerprint, "introduced": entry, "here": vkey == own}
            for vkey, entry in found.items()
        ]
    if not rows:
        raise NotFound("the ledger has no key", mend="make one: civic key init")
    if output.chosen(format_) != "table":
        output.rows(rows, output.chosen(format_), tuple(rows[0]))
        return
    for row in rows:
        told = f"introduced by entry {row['introduced']}" if row["introduced"] else "no entry tells of it"
        here = "; the private half is on this machine" if row["here"] else ""
        output.say(
            output.safe(
                f"{row['vkey']}\n  {row['fingerprint']}\n  {told if name is None else 'of a witness'}{here}"
            ).replace("\\n", "\n")
        )


@key_.command("rotate")
@click.option("--passphrase", "encrypted", is_flag=True, help="Lock the new key with a passphrase.")
@asked_clerk
@asked_yes
@click.pass_obj
def rotate_(desk: Desk, clerk: str | None, *, encrypted: bool, yes: bool) -> None:
    """Put a new key in the place of the old one; both sign that it does (key-rotated).

    In the place of a key with a passphrase comes one with a passphrase.
    """
    _asked(desk, "Make a new key, and record for good that it replaces the old one?", yes=yes)
    keyring = desk.keyring
    former = keyring.path.stat().st_ino if keyring.path.exists() else 0
    begun = desk.lasting(
        "a new key was made: civic key rotate goes on from there", (keyring.folder / "next.pem").exists
    )
    replaced = desk.lasting(
        "the new key is in use", lambda: keyring.path.exists() and keyring.path.stat().st_ino != former
    )
    with keyring.alone(), begun, replaced:
        _rotated(desk, clerk, encrypted=encrypted)


def _rotated(desk: Desk, clerk: str | None, *, encrypted: bool) -> None:
    from ledger.transparency import keys, note

    keyring = desk.keyring
    if not keyring.path.exists() and (keyring.folder / keys.NEXT).exists():
        made = note.verifier_of(keyring.load(keys.NEXT), keyring.name)
        if str(made) in _introduced(desk):  # killed while the one took the place of the other
            keyring.take_up()
            _say_key(made, keyring, desk)
            return
    old = keyring.load()
    former = note.verifier_of(old, keyring.name)
    if not (keyring.folder / keys.NEXT).exists():
        keyring.make(keys.NEXT, encrypted=encrypted or keyring.is_locked())
    new = keyring.load(keys.NEXT)
    made = note.verifier_of(new, keyring.name)
    text = keys.rotation(str(former), str(made))
    signatures = {
        f"signed_by_{word}": str(note.sign(text, key, keyring.name)).split()[2]
        for word, key in (("former", old), ("new", new))
    }
    # Killed before this, a next key lies there unused; killed behind it, rotate records nothing twice and goes on.
    record_custody(desk, "key-rotated", {"former": str(former), "vkey": str(made), **signatures}, clerk)
    keyring.replace(former)
    _say_key(made, keyring, desk)


@click.command("cosign", cls=GlobalOptions)
@click.argument("checkpoint", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--as", "name", required=True, metavar="NAME", help="Your own name as a witness: civic key init --as NAME."
)
@click.option(
    "--vkey", required=True, metavar="NAME+ID+KEY", help="The key of the ledger, as you know it from elsewhere."
)
@click.option(
    "--consistency",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The proof that it continues the one you signed last: civic prove consistency.",
)
@click.option("-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False), help="A new file for it.")
@click.pass_obj
def cosign_(desk: Desk, checkpoint: Path, name: str, vkey: str, consistency: Path | None, target: Path | None) -> None:
    """Sign a checkpoint of another ledger as a witness: that you saw it, and that it continues what you saw before.

    The checkpoint with your signature is printed, or written with -o; its keeper takes it in with
    civic checkpoint --cosigned FILE --vkey YOURS.
    """
    from ledger.transparency.witnessing import cosigned

    signed = cosigned(checkpoint, desk.keys_of(name), parsed([vkey])[0], consistency, int(time.time()))
    if target:
        hand_out(target, str(signed).encode())
    else:
        output.hand_out(str(signed))


def _asked(desk: Desk, question: str, *, yes: bool) -> None:
    if not yes and not desk.terminal:
        raise UsageError("nobody can be asked here", mend="add --yes to write")
    if not yes:
        click.confirm(question, abort=True, err=True)


def record_custody(desk: Desk, name: str, particulars: dict[str, Any], clerk: str | None) -> None:
    """Record an event of the keeping of the ledger.

    Raises:
        UsageError: what somebody typed cannot stand in it.
    """
    import json

    from pydantic import ValidationError

    from domain.catalogue import EVENTS
    from domain.entry import Draft

    try:
        event = EVENTS[name].model_validate_json(json.dumps(particulars))
    except ValidationError as error:
        wrong = error.errors()[0]
        what = wrong["msg"].removeprefix("Value error, ")
        raise UsageError(f"--{'.'.join(map(str, wrong['loc']))}: {what}", mend="write it otherwise") from error
    with desk.ledger(clerk) as ledger:
        desk.writing = True
        ledger.record([Draft(event, ())])
    desk.writing = False


def _introduced(desk: Desk) -> dict[str, int | None]:
    """The keys that the entries tell of, each with the entry that introduced it; civic verify names what is none."""
    from ledger.transparency import note

    with desk.ledger(read_only=True) as ledger:
        entries = sorted(
            (*ledger.of_type("key-introduced"), *ledger.of_type("key-rotated")), key=lambda one: one.position
        )
    found: dict[str, int | None] = {}
    for one in entries:
        with suppress(note.Malformed, note.UnknownKind):
            found[str(note.parse_key(str(getattr(one.event, "vkey", ""))))] = one.position
    return found


def _say_key(key: VerifierKey, keyring: Keyring, desk: Desk) -> None:
    output.say(output.safe(str(key)))
    if not desk.quiet:
        output.note(output.safe(f"fingerprint: {key.fingerprint}"))
        output.note(output.safe(f"the key is {keyring.path}; keep a copy of it in a safe place"))
