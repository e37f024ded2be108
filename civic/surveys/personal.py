"""Which questions ask for personal data: by their type, and by words in the languages of their labels."""

from __future__ import annotations

import re

from civic.surveys.definition import SurveyQuestion

# What tells who somebody is, or what the law protects most. A warning comes of it, nothing is refused.
_WORDS = (
    # English
    r"your (?:full |first |last |family )?name|surname|first name|birth ?day|date of birth|born|how old"
    r"|your age|gender|sex|religio\w+|ethnic\w*|nationality|disab\w+|health|illness|income|earn|salary"
    r"|e-?mail|phone|telephone|mobile number|contact no|home address|postcode|zip code"
    r"|where (?:exactly )?do you live|passport|identity|political|sexual\w*|pregnan\w+|married|marital",
    # French
    r"votre (?:pré)?nom|nom de famille|prénom|date de naissance|né\(?e?\)?|quel âge|votre âge|votre sexe"
    r"|religi\w+|ethni\w+|nationalité|handicap\w*|santé|maladie|revenus?|salaire|courriel|adresse"
    r"|téléphone|numéro de portable|code postal|où habitez|passeport|identité"
    r"|opinions? politiques?|enceinte|marié\w*",
    # Spanish
    r"su nombre|tu nombre|apellidos?|fecha de nacimiento|nacid[oa]|qué edad|cuántos años|su edad|su género"
    r"|su sexo|étnic[oa]|nacionalidad|discapacidad\w*|salud|enfermedad|ingresos|sueldo|salario"
    r"|correo electrónico|teléfono|móvil|dirección|código postal|dónde vive|pasaporte|identidad"
    r"|ideas políticas|embarazad\w*|casad[oa]",
    # German
    r"ihr (?:vor|nach)?name|(?:vor|nach|familien)name|geburts\w+|geboren|wie alt|ihr alter|geschlecht"
    r"|ethnisch\w*|staatsangehörigkeit|behinder\w+|gesundheit\w*|krankheit\w*|einkommen|gehalt|telefon\w*"
    r"|handynummer|anschrift|postleitzahl|wo wohnen|reisepass|personalausweis|politisch\w*|schwanger"
    r"|verheiratet|familienstand",
    # Portuguese
    r"seu nome|apelido|sobrenome|data de nascimento|nascid[oa]|que idade|sua idade|seu gênero|etnia"
    r"|nacionalidade|deficiência|saúde|doença|rendimentos?|renda|telefone|celular|telemóvel|endereço|morada"
    r"|onde mora|passaporte|identidade|grávida|casad[oa]",
)
_PERSONAL = re.compile(rf"(?<!\w)(?:{'|'.join(_WORDS)})(?!\w)", re.IGNORECASE)


def asks_for_personal_data(question: SurveyQuestion) -> bool:
    """Whether the answer may tell who somebody is, or something that is nobody's business."""
    if question.type in ("geopoint", "image"):
        return True
    return any(_PERSONAL.search(text) for text in question.label.root.values())
