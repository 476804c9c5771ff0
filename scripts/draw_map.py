"""The map of the sample volume: river, canals, dunes, terrace, railway, ferries and forts."""

from __future__ import annotations

from ink import INK, PAPER, SEAL, WASH, Point, Sheet, ring

# fmt: off
# One coordinate a line would bury the drawing.

RIVER: list[Point] = [(18, 560), (120, 548), (190, 590), (270, 610), (370, 580), (470, 560), (560, 590), (650, 630)]
RIVER += [
    (760, 628),
    (860, 590),
    (950, 560),
    (1040, 540),
    (1110, 480),
    (1150, 400),
    (1160, 310),
    (1190, 210),
    (1230, 18),
]


def draw_map() -> Sheet:
    """The county: river, canals, dunes, terrace, railway, ferries and forts."""
    sheet = Sheet(1725)
    dunes(sheet)
    mountains(sheet)
    banks(sheet)
    lines(sheet)
    places(sheet)
    cartouche(sheet)
    return sheet


def banks(sheet: Sheet) -> None:
    """The Yellow River as two banks with a wash and flow lines between."""
    upper = [(x, y - 17) for x, y in RIVER[:-5]] + [(x - 19, y) for x, y in RIVER[-5:]]
    lower = [(x, y + 17) for x, y in RIVER[:-5]] + [(x + 19, y) for x, y in RIVER[-5:]]
    sheet.wash([*upper, *reversed(lower)], WASH, 0.28)
    sheet.stroke(upper, 3)
    sheet.stroke(lower, 3)
    for shift in (-6, 5):
        sheet.stroke(
            [(x + (shift if i > 11 else 0), y + (shift if i <= 11 else 0)) for i, (x, y) in enumerate(RIVER)], 1,
            opacity=0.4, dash="46 30"
        )
    side = [(470, 942), (455, 860), (480, 800), (440, 740), (452, 660), (460, 578)]
    sheet.stroke(side, 4, WASH, 0.9)
    sheet.stroke(side, 1.4)
    lake = [(452, 850), (492, 818), (520, 836), (512, 876), (478, 892)]
    sheet.stroke(lake, 2.2, close=True, fill="#b9c2bb")


def lines(sheet: Sheet) -> None:
    """Canals, railway and the long bridge."""
    north = [
        (196, 570), (250, 520), (350, 470), (480, 452), (620, 470), (760, 480), (900, 430), (1010, 380), (1060, 300)
    ]
    newer = [(300, 590), (380, 530), (500, 512), (640, 540), (760, 552), (880, 510), (990, 470), (1060, 420)]
    south = [(290, 626), (380, 640), (500, 640), (600, 690), (740, 700), (860, 670), (960, 630), (1060, 590)]
    for canal in (north, newer, south):
        sheet.stroke(canal, 5, WASH, 0.55)
        sheet.stroke(canal, 1.6)
    rail = [(60, 470), (180, 440), (330, 400), (500, 378), (680, 390), (860, 366), (980, 306), (1040, 200), (1080, 18)]
    sheet.stroke(rail, 5)
    sheet.stroke(rail, 3, PAPER, dash="14 14", shake=0)
    for offset in (-7, 7):
        sheet.straight((668 + offset, 592), (676 + offset, 660), 2.4)
    for step in range(6):
        sheet.straight((660, 600 + step * 11), (684, 600 + step * 11), 1.4)


def dunes(sheet: Sheet) -> None:
    """The northern sand: crescents, and the chequerboard of straw along the railway."""
    for _ in range(150):
        x, y = sheet.chance.uniform(60, 1000), sheet.chance.uniform(140, 350)
        if y < 350 - max(0.0, x - 700) * 0.5 and not (x < 440 and y < 250):
            size = sheet.chance.uniform(14, 34)
            sheet.stroke(
                [(x - size, y + size * 0.3), (x - size * 0.2, y - size * 0.35), (x + size, y + size * 0.3)], 1.5,
                "#8a6a3c", 0.8
            )
            for dot in range(4):
                sheet.wash(ring((x + sheet.shake(size), y + 8 + dot * 3), 1.3), "#8a6a3c", 0.8)
    for row in range(4):
        for column in range(14):
            x, y = 560 + column * 15 + sheet.shake(1), 306 + row * 14 + sheet.shake(1)
            sheet.stroke(
                [(x, y), (x + 13, y), (x + 13, y + 12), (x, y + 12)], 0.9, "#6b7a3c", 0.9, close=True, sharp=True
            )


def mountains(sheet: Sheet) -> None:
    """The gorge in the west and the southern terrace, in the manner of old gazetteer maps."""
    spots = [
        (60, 640), (112, 676), (60, 740), (150, 730), (90, 820), (190, 800), (150, 880), (250, 870), (60, 900),
        (330, 900)
    ]
    spots += [
        (58, 500), (110, 505), (620, 850), (720, 820), (830, 860), (930, 800), (1040, 840), (1150, 780), (1250,
        850), (1310, 740)
    ]
    for x, y in spots:
        size = sheet.chance.uniform(34, 52)
        sheet.wash(
            [
                (x - size, y), (x - size * 0.3, y - size * 0.8), (x + 4, y - size), (x + size * 0.5, y - size *
                0.5), (x + size, y)
            ],
            WASH,
            0.18,
        )
        sheet.stroke(
            [
                (x - size, y), (x - size * 0.4, y - size * 0.7), (x, y - size), (x + size * 0.45, y - size * 0.5),
                (x + size, y)
            ],
            2.4,
        )
        for number in range(4):
            sheet.stroke(
                [(x + 4 + number * 7, y - size * 0.75 + number * 8), (x + 10 + number * 8, y - 6)], 1, opacity=0.6
            )


def places(sheet: Sheet) -> None:
    """Town walls, forts, ferries and their names."""
    sheet.stroke([(628, 520), (712, 516), (716, 576), (630, 580)], 3.4, fill=PAPER, close=True, sharp=True)
    sheet.text((672, 560), "县城", 30)
    forts = [
        ("沙坝头", 560, 290, 0), ("柳桥", 930, 456, -20), ("镇河堡", 400, 500, -18), ("杏园堡", 812, 528, -18),
            ("双柳堡", 560,
        668, 44)
    ]
    forts += [
        ("老街", 545, 838, 44), ("七眼窑", 840, 770, -20), ("冰沟", 1112, 560, 0), ("石砚", 168, 520, -20), ("南山台",
            1010,
        712, 0)
    ]
    forts += [("新街", 640, 772, 0), ("不官渡", 536, 548, -12)]
    for name, x, y, lift in forts:
        sheet.stroke(
            [(x - 9, y - 9), (x + 9, y - 9), (x + 9, y + 9), (x - 9, y + 9)], 2.6, fill=SEAL, close=True, sharp=True
        )
        if lift >= 0:
            sheet.text((x, y + 36), name, 24)
        else:
            sheet.text((x, y + lift + 2), name, 24)
    for name, x, y in (("老君渡", 262, 612), ("官渡口", 726, 634), ("冰沟渡", 1050, 530)):
        sheet.stroke(
            [(x - 24, y - 6), (x - 14, y + 8), (x + 14, y + 8), (x + 26, y - 6), (x - 24, y - 6)], 2.4, fill=PAPER,
            shake=0.4
        )
        sheet.straight((x - 2, y - 4), (x + 2, y - 26), 2)
        sheet.text((x + 4, y + 46), name, 22, SEAL)
    for name, x, y in (("大济渠", 800, 418), ("新济渠", 446, 536), ("双柳渠", 700, 732), ("石砚峡", 92, 596),
        ("北沙窝", 330, 330)):
        sheet.text((x, y), name, 22, "#4a5a5a")
    sheet.text((1222, 330), "黄河", 34, "#4a5a5a", upright=True)
    sheet.text((890, 336), "包兰铁路", 20, "#4a4038")
    sheet.text((574, 900), "石砚峡水库", 20, "#4a5a5a")


def cartouche(sheet: Sheet) -> None:
    """Title, compass and seal."""
    sheet.stroke([(60, 60), (404, 60), (404, 236), (60, 236)], 3, fill=PAPER, close=True, sharp=True)
    sheet.stroke([(70, 70), (394, 70), (394, 226), (70, 226)], 1.2, close=True, sharp=True)
    sheet.text((232, 128), "朔津县河渠津渡图", 36)
    sheet.text((232, 172), "方块为城堡，红字为渡口，", 19)
    sheet.text((232, 200), "格为麦草方格。非测绘，仅示方位。", 19)
    sheet.seal(1310, 820, "朔津", 24)
    centre = (1322.0, 90.0)
    sheet.stroke(ring(centre, 34), 2, close=True)
    sheet.stroke([(1322, 44), (1312, 96), (1322, 86), (1332, 96), (1322, 44)], 2, fill=INK, shake=0.3)
    sheet.text((1322, 152), "北", 24)

# fmt: on
