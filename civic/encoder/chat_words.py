"""How people shorten words when they type on a telephone, and how they open a message."""

from __future__ import annotations

SHORT = {
    "u": "you", "ur": "your", "r": "are", "y": "why", "n": "and", "w": "with", "im": "i'm", "ive": "i've",
    "wat": "what", "wot": "what", "wots": "what's", "wats": "what's", "whats": "what's", "wen": "when",
    "whens": "when's", "wher": "where", "wheres": "where's", "hw": "how", "hows": "how's",
    "wich": "which", "wht": "what", "whn": "when", "whr": "where", "y'all": "you", "ya": "you",
    "yr": "your", "yrs": "years", "pls": "please", "plz": "please", "plse": "please", "plss": "please",
    "thx": "thanks", "tnx": "thanks", "thnx": "thanks", "thanx": "thanks", "ty": "thank you",
    "tysm": "thank you so much", "tks": "thanks", "cos": "because", "coz": "because", "cuz": "because",
    "bcz": "because", "bcoz": "because", "abt": "about", "abit": "a bit", "b4": "before", "gr8": "great",
    "l8r": "later", "l8": "late", "m8": "mate", "w8": "wait", "w8ing": "waiting", "2day": "today",
    "2nite": "tonight", "2moro": "tomorrow", "2mrw": "tomorrow", "tmrw": "tomorrow", "tmr": "tomorrow",
    "tomoz": "tomorrow", "2mo": "tomorrow", "some1": "someone", "sum1": "someone", "any1": "anyone",
    "no1": "no one",
    "every1": "everyone", "ppl": "people", "msg": "message", "msgs": "messages", "txt": "text",
    "nxt": "next", "nd": "and", "dnt": "don't", "dont": "don't", "cant": "can't", "wont": "won't",
    "doesnt": "doesn't", "didnt": "didn't", "isnt": "isn't", "wasnt": "wasn't", "hasnt": "hasn't",
    "havent": "haven't", "arent": "aren't", "couldnt": "couldn't", "shouldnt": "shouldn't",
    "gonna": "going to", "gotta": "have to", "wanna": "want to", "gimme": "give me", "lemme": "let me",
    "dunno": "don't know", "idk": "i don't know", "kinda": "kind of", "outta": "out of", "ova": "over",
    "da": "the", "dis": "this", "dat": "that", "dem": "them", "wiv": "with", "wid": "with", "wth": "with",
    "w/": "with", "w/o": "without", "wrk": "work", "wk": "week", "wks": "weeks", "wkend": "weekend",
    "mins": "minutes", "hrs": "hours", "hr": "hour", "yday": "yesterday", "rn": "right now",
    "asap": "as soon as possible", "btw": "by the way", "fyi": "for your information",
    "tbh": "to be honest", "omg": "oh my god", "wtf": "what the hell", "smh": "", "lol": "", "lmao": "",
    "haha": "", "gd": "good", "hav": "have", "hve": "have", "hv": "have", "shud": "should",
    "shld": "should", "wud": "would", "wld": "would", "cud": "could", "cld": "could", "luv": "love",
    "thru": "through", "tho": "though", "nite": "night", "rite": "right", "nuffin": "nothing",
    "sumthin": "something", "sumfin": "something", "summat": "something", "jst": "just", "jus": "just",
    "frm": "from", "4m": "from", "wf": "with", "addr": "address", "appt": "appointment",
    "acct": "account", "acc": "account", "govt": "government", "bday": "birthday", "xmas": "christmas",
    "rd": "road", "fone": "phone", "cn": "can", "bk": "back", "gv": "give", "hlp": "help", "knw": "know",
    "kno": "know", "tlk": "talk", "spk": "speak", "yh": "yes", "yeh": "yeah", "nvm": "never mind",
}  # fmt: skip

# What may stand in front of the message proper, followed by whom it greets; it is taken off when something
# else is left.
OPENINGS = (
    "good morning", "good afternoon", "good evening", "good day", "to whom it may concern", "dear", "hello",
    "hallo", "hiya", "hey", "hi", "greetings", "excuse me", "sorry to bother you", "quick question",
)  # fmt: skip
GREETED = (
    "there", "all", "everyone", "everybody", "folks", "team", "guys", "people", "council", "folkmoot", "bot",
    "friend", "friends", "mate", "again", "sir or madam", "sir", "madam", "hello", "hi", "hey",
)  # fmt: skip
# "Evening classes" is no greeting, "evening, when ..." is one.
OPENINGS_WITH_COMMA = ("morning", "afternoon", "evening", "yo", "question")
