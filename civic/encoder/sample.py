"""Sentences of every length an assistant meets, on which an export is compared with its original."""

SENTENCES: tuple[str, ...] = (
    "hi",
    "ok",
    "bins?",
    "no",
    "thank you",
    "speak to a person",
    "whats the parking fine",
    "street light broken again",
    "how do i renew my library card",
    "there is a hole in the road outside number 12",
    "When is the recycling collected in the week after Christmas?",
    "I want to complain about noise from the building site on Harbour Street.",
    "Can my mother get a bus pass if she is sixty-six and lives outside the town?",
    "The playground swing is broken and a child was nearly hurt this morning.",
    "Do I need planning permission for a shed that is two metres high?",
    "my neighbours dog barks all night long and nobody does anything about it!!!",
    "A blue badge lets a disabled person park closer to where they need to go.",
    "Council tax is charged on each dwelling, and the band depends on what the dwelling was worth in 1991.",
    "An application must be accompanied by two photographs, proof of address and the fee.",
    "FM-7K3Q9",
    "The committee noted the report and asked that officers return with figures for the second quarter.",
    "wher can i find teh opening hours of the swiming pool pls",
    "Der Bus ist heute wieder zu spät gekommen.",
    "¿Dónde puedo pagar el agua?",
    "You can pay online, by telephone, at any post office, or in person at the town hall between nine "
    "and five from Monday to Friday; payments made after three in the afternoon are booked on the next "
    "working day.",
    "A licence is needed to sell alcohol, to provide regulated entertainment, or to serve hot food and "
    "drink between eleven at night and five in the morning. Temporary events for fewer than five "
    "hundred people may instead be covered by a notice given to the authority and the police at least "
    "ten working days before.",
    "Residents whose home was flooded may have their charge reduced for as long as the home cannot be "
    "lived in. The reduction begins on the day of the flood and ends when the household moves back, or "
    "after twelve months, whichever comes first. Landlords, second homes and homes that stood empty "
    "before the flood are not covered. Apply in writing with photographs and, where there is one, the "
    "report of the insurer; an officer may visit. Decisions are sent within fifteen working days, and "
    "an appeal must reach us within two months of the letter.",
    "Garden waste is collected every second week from March to November. Put the brown bin at the edge "
    "of your property by six in the morning. We do not take soil, stones, turf, food, or branches "
    "thicker than a wrist. Extra bags beside the bin are left behind. A missed collection can be "
    "reported from the evening of that day, and crews will come back within two working days provided "
    "that the bin was out on time and not too heavy.",
)
