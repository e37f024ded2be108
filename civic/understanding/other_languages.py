"""The least words of languages that surveys are written in, and for which the house has none of its own."""

from __future__ import annotations

_YES_AND_NO = {
    "cy": ("ie, ydw, oes, cytuno, iawn, wrth gwrs", "na, nage, nac ydw, nac oes, dim diolch"),
    "da": ("ja, jo, ja tak, selvfølgelig", "nej, nej tak"),
    "de": ("ja, jawohl, ja bitte, gerne, klar, natürlich, jo", "nein, nein danke, nee, nö, lieber nicht"),
    "es": ("sí, si, sí por favor, claro, claro que sí, por supuesto, vale", "no, no gracias, claro que no"),
    "fr": (
        "oui, ouais, oui s'il vous plaît, oui merci, d'accord, bien sûr, volontiers",
        "non, non merci, pas du tout, plutôt pas",
    ),
    "it": ("sì, si, sì grazie, certo, certamente, va bene, d'accordo", "no, no grazie, per niente"),
    "nl": ("ja, jawel, ja graag, natuurlijk, zeker", "nee, nee bedankt, nee dank je, liever niet"),
    "pl": ("tak, oczywiście, jasne, pewnie", "nie, nie dziękuję, raczej nie"),
    "pt": ("sim, sim por favor, claro, com certeza, está bem", "não, nao, não obrigado, não obrigada"),
    "ro": ("da, sigur, desigur, bineînțeles", "nu, nu mulțumesc"),
    "sv": ("ja, jo, javisst, ja tack, gärna, självklart", "nej, nej tack"),
    "tr": ("evet, tabii, elbette, tamam", "hayır, hayir, hayır teşekkürler"),
}


def yes_and_no(language: str) -> tuple[list[str], list[str]]:
    """The phrases of a language for yes and for no; none where they are not known."""
    yes, no = _YES_AND_NO.get(language.split("-")[0].casefold(), ("", ""))
    return yes.split(", "), no.split(", ")


# What stands before an hour.
_AT = {"de": "um, gegen", "fr": "à, vers", "it": "alle", "nl": "om, rond", "pt": "às, pelas"}


def at_hours(language: str) -> list[str]:
    """The words of a language that stand before an hour and add nothing to it."""
    return _AT.get(language.split("-")[0].casefold(), "").split(", ")
