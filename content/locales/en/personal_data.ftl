# What stands in brackets in place of personal data, and how the kinds are named.
personal-data-email = e-mail address
personal-data-phone = phone number
personal-data-iban = account number
personal-data-card = card number
personal-data-identity = identity number
# $kinds is a list such as “phone number, card number”.
personal-data-not-kept = I did not keep this from your message: { $kinds }. Such data is not needed here unless I ask for it.
