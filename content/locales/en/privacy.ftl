# Deleting one's data.

privacy-ask =
    I can delete everything I keep about you: this conversation, your photos, your answers to surveys, your feedback, your questions, your messages to officials, and your name and words in reports. Of a report, only its type and place stay, so that the problem can still be fixed. Answers to anonymous surveys cannot be found again, because nothing links them to you.

    Nobody can bring it back, not even we. Shall I delete it all?
privacy-erase = Delete everything
privacy-keep = Keep it
privacy-kept = Nothing was deleted.
privacy-erased = Done. Everything I kept about you is deleted. If you write to me again, we start from the beginning.
