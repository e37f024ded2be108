"""Photos on their way in: cleaned, stored, and bound to the conversation they came from."""

from __future__ import annotations

from civic.conversation import commands
from civic.kit import images
from civic.kit.files import FileStore
from civic.kit.ids import new_secret
from civic.kit.services import Services


def take_photo(services: Services, channel: str, address: str, data: bytes, language: str | None) -> str:
    """Stores a cleaned photo for the conversation at an address and returns its id.

    Raises `NotAnImage`, `TooLarge` and `StoreFull`; then nothing is stored.
    """
    image = images.clean(data, services.settings.max_attachment_megabytes * 1024 * 1024)
    now = services.clock.now()
    attachment_id = new_secret(18)
    store = services.get(FileStore)
    store.put(attachment_id, image.data)
    try:
        with services.sessions() as session:
            conversation = commands.open_conversation(
                session, channel, address, services.catalogue.best(language), now
            )
            commands.add_attachment(session, conversation.id, attachment_id, image, now)
            session.commit()
    except BaseException:
        store.delete(attachment_id)
        raise
    return attachment_id
