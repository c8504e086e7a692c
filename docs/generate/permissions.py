"""Who may do what to whom, as the table that is enforced."""

from __future__ import annotations

from docs.generate import markdown as md
from zoufang.errors.words import REACHES, ROLES, VERBS
from zoufang.model import Role
from zoufang.rules import ALLOWED, Reach

SHORT = {Reach.OWN_GRID: "grid", Reach.OWN_COMMUNITY: "community", Reach.OWN_UNIT: "unit", Reach.WHOLE_STREET: "●"}
MEANS = {
    Reach.OWN_GRID: "targets and tickets in the area that the register gives the person, and in what lies in it",
    Reach.OWN_COMMUNITY: "targets and tickets in the community that holds that area, or that the unit is",
    Reach.OWN_UNIT: "tickets that the unit holds; targets on which it leads or helps",
    Reach.WHOLE_STREET: "everything",
}


def page() -> str:
    """Return the page of permissions."""
    headers = ("verb", *(f"{role}<br>{ROLES[role].zh}" for role in Role))
    rows = [
        (
            f"{md.code(verb)} {VERBS[verb].zh}",
            *(" ".join(SHORT[reach] for reach in Reach if reach in grant.get(role, ())) for role in Role),
        )
        for verb, grant in ALLOWED.items()
    ]
    reaches = [(SHORT[reach], f"{md.code(reach)} {REACHES[reach].zh}", MEANS[reach]) for reach in Reach]
    return md.page(
        "Permissions",
        "Which role may use which verb, and on what: plan 二 and 五(一). The table is `zoufang.rules.ALLOWED`; this "
        "page, the refusals and the tests are derived from it. A verb that is not in it may be used by nobody.",
        md.table(headers, rows),
        "## How far a role reaches",
        md.table(("in the table", "reach", "what lies within it"), reaches),
        "## Where it is enforced",
        "Where the commit is made, by the rows that are about to be recorded, not by the call that made them: so no "
        "bulk call, import or plugin gets round it. One row beyond the actor's reach refuses the whole change, and the "
        "ledger stays as it was. In a mixed reply each step is asked for by its own verb.",
        "**Who somebody is.** The calling program says who acts: `campaign.acting(Actor(id=..., role=...))`; the "
        "library authenticates nobody. But whoever is in the register acts in the role and for the unit that are "
        "written there, and only where the plan's `[[roles]]` give that role to the unit (offices that dispatch count "
        "as office). "
        "Unit, grid and community are read from the register, never from the caller. A stranger or a program has none "
        "of them, so only the roles with ● are of use to it; imports and the command line act as the office.",
        "**Where the trust ends.** A program that is not in the register acts in whatever role it names, the office's "
        "too, and signs in its host's responsibility: whoever embeds the library answers for who stands behind it. "
        "Only what is said of persons is held against the register then: an office's signature has to be that of "
        "somebody of the office, and the two keys of closing those of two people. Each commit bears the id and the "
        "role that were named, so what a program did can be told from what a person did. A program that shall be "
        "held to a role and a unit is entered in the register like a person.",
        "**Two keys.** Somebody in the register signs `apply` and `close` for nobody else, and nobody approves the "
        "closing that the same person applied for.",
        "**Visits.** Below the whole street, a visit is recorded only for the own unit.",
        "**Contacts.** `campaign.contacts(ids)` gives name, address and telephone, `words` what was said in tickets, "
        "and `find` whose a telephone or an address is, within the reach of `read_contacts`. Each reading in clear is "
        "a commit of its own, recorded before anything is shown; a masked one needs the same reach and is not "
        "recorded. What `find` does not reach, it does not find: a refusal would say that it is there. Other reading "
        "is no verb: lists, figures and `why` carry ids only, and whoever can open the file of a ledger that is not "
        "encrypted can read it.",
        "**Proof.** `prove` is asked for by `campaign.proof`, `proof_of` and `slip`. Each is a commit of its own "
        "before it is handed out: of which ticket (`ticket_reads`), which figure over how many cases, or which case "
        "(`lookups`), and what for. Signing a checkpoint shows nobody's data and is not asked; whoever holds the key "
        "can sign.",
        "**Settling.** `settle` decides about [a conflict](../how-to/settle-conflicts.md). It is the office's and the "
        "leader's: whoever handed in a visit does not judge it. What differs from its record is handed in within the "
        "same reach as the visit or ticket itself.",
        "**Erasing.** `erase`, `readmit` and `rotate_keys` are the office's and the leader's; `list_erasures` is open "
        "to auditors too. [What is private](../explanation/privacy.md) says what they do.",
    )
