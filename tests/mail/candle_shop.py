"""A small candle shop's mail, written for these tests: what a mailbox of a few weeks looks like."""

from datetime import UTC, datetime, timedelta

from handsel.mail.mining import Pair

_SIGNATURE = "\n\nKind regards,\nNora\n\nNora Whitfield\nLarkspur Candles\nQuay Lane, Galway"

_TALKS: list[tuple[str, str, str]] = [
    (
        "Aoife Brennan",
        "Hi Nora,\n\nWhere is my order L-2041? It was supposed to be here on Tuesday.\n\nThanks\nAoife",
        "Hi Aoife,\n\nYour order L-2041 left us on Monday 3 March and should be with you by Thursday. "
        "If it is not there by then, let me know and I will chase it.",
    ),
    (
        "Ben Okafor",
        "Hello,\n\nI ordered two candles last week and nothing has come. Where is my order? The number is L-2047.\n\nBen",
        "Hello Ben,\n\nYour order L-2047 left us on Wednesday 5 March and should be with you by Friday. "
        "If it is not there by then, let me know and I will chase it.",
    ),
    (
        "Carla Mendes",
        "Has my order been sent yet? Order L-2050, the Sea Fog jar.\n\nCarla",
        "Dear Carla,\n\nYour order L-2050 left us on Thursday and should be with you by Monday. "
        "If it is not there by then, let me know and I will chase it.",
    ),
    (
        "Dermot Walsh",
        "Any sign of my order? I have no tracking number for L-2066.",
        "Hi Dermot,\n\nYour order L-2066 left us on Friday and should be with you by Wednesday. "
        "If it is not there by then, let me know and I will chase it.",
    ),
    (
        "Elif Kaya",
        "Dear Larkspur,\n\nWhere is my order? I placed it on 2 March, number L-2039.\n\nBest wishes\nElif Kaya",
        "Hello Elif,\n\nYour order L-2039 went out on 4 March and should be with you by Friday. "
        "If it is not there by then, let me know and I will chase it.",
    ),
    (
        "Fergal Daly",
        "Hi,\n\nMy candle arrived broken, the glass is in pieces. Can you replace it?\n\nFergal",
        "Hi Fergal,\n\nI am so sorry that it arrived broken. I will send you a new Wild Gorse jar on Monday, no charge. "
        "There is no need to send the broken one back.",
    ),
    (
        "Grace Hill",
        "The jar was broken when I opened the box. Glass everywhere. What do we do now?\n\nGrace",
        "Hi Grace,\n\nI am so sorry that it arrived broken. I will send you a new Sea Fog jar on Tuesday, no charge. "
        "There is no need to send the broken one back.",
    ),
    (
        "Hugo Petit",
        "Hello Nora,\n\none of the two candles arrived broken, the glass lid is cracked. Could you send a new one?\n\nHugo",
        "Hello Hugo,\n\nI am so sorry that it arrived broken. I will send you a new lid on 12 March, no charge. "
        "There is no need to send the broken one back.",
    ),
    (
        "Ines Roth",
        "The large jar arrived with broken glass. Can I have a replacement please?",
        "Dear Ines,\n\nI am so sorry that it arrived broken. I will send you a new large jar tomorrow, no charge. "
        "There is no need to send the broken one back.",
    ),
    (
        "Jack Byrne",
        "Do you do wholesale? I have a gift shop in Sligo and would love a price list.\n\nJack Byrne, Byrne & Sons",
        "Hi Jack,\n\nI would be delighted to see our candles with you. The wholesale list is at "
        "www.larkspurcandles.example/trade and the first order is a minimum of €250.",
    ),
    (
        "Katrin Vogel",
        "Hello,\n\nwe run a small shop and would like to stock your candles. Do you have a wholesale price list?\n\nKatrin",
        "Hello Katrin,\n\nI would be delighted to see our candles with you. The wholesale list is at "
        "www.larkspurcandles.example/trade and the first order is a minimum of €250.",
    ),
    (
        "Liam Nolan",
        "What are your wholesale terms? Our shop in Cork is looking for candles.\n\nLiam",
        "Hi Liam,\n\nI would be delighted to see our candles with you. The wholesale list is at "
        "www.larkspurcandles.example/trade and the first order is a minimum of €300.",
    ),
    (
        "Maeve Quinn",
        "Is it too late to change the delivery address on order L-2071? It should go to 14 Abbey Street, Ennis.\n\nMaeve",
        "Hi Maeve,\n\nNo bother, I have changed the address on order L-2071 to 14 Abbey Street, Ennis.",
    ),
    (
        "Niamh Foley",
        "I put the wrong address on my order. Can you change the delivery address to 3 Hill Road, Tuam please?",
        "Hi Niamh,\n\nNo bother, I have changed the address on order L-2075 to 3 Hill Road, Tuam.",
    ),
    ("Oscar Lind", "Do you have a job for the summer?", "Hi Oscar,\n\nI am afraid it is only the two of us here."),
    ("Petra Novak", "Which wax do you use? My son has allergies.", ""),
]


def pairs() -> list[Pair]:
    """Sixteen requests of three weeks: five after an order, four breakages, three about wholesale, and some alone."""
    start = datetime(2026, 3, 3, 9, tzinfo=UTC)
    return [
        Pair(
            key=f"<{n}@mail.example>",
            customer=f"{name.lower().replace(' ', '.')}@mail.example",
            at=start + timedelta(hours=31 * n),
            request_text=request,
            reply_text=reply + _SIGNATURE if reply else "",
            customer_name=name,
        )
        for n, (name, request, reply) in enumerate(_TALKS)
    ]
