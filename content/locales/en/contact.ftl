# Asking for a person.

contact-ask = I can pass a message on to the people at the town hall. Please write it in one message: what it is about, and what you need. If life is in danger, call { $emergency }.
contact-no-words = I could not find any words in that. Please write your message in a sentence, or say “cancel”.
contact-received = Your message is with the town hall. Somebody answers within two working days, and the answer arrives right here. If it cannot wait, call { $phone }.
contact-cancelled = All right, nothing was passed on. You can also call { $phone }.
contact-reply = The town hall has answered your message:

    { $answer }

# Words with which people ask for a person. A message with at least four other words is taken as the message itself.
contact-opening-words = about i i'd i'm me my we us a an the to with at in from for of please can could may would will do does is are there it this that not now just hello hi hey talk speak chat write contact call reach connect put through transfer get give need want wanna like have let someone somebody anyone anybody person people human humans real live actual official officials agent agents staff clerk clerks employee officer operator representative town hall council city office who works working bot robot machine instead message send leave pass on help
