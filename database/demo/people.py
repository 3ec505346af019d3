"""Invented people: names from many places, addresses at domains that nobody owns."""

import re
import unicodedata

import numpy as np

# Given names and family names from the same region stay together, so that the pairs are plausible.
PLACES = (
    ("Anna Lukas Greta Jonas Frieda Emil", "Vogt Lindner Brandt Köhler Schuster Weiß"),
    ("Chloé Mathis Inès Léo Camille Hugo", "Moreau Lefèvre Garnier Rousseau Petit Fontaine"),
    ("Lucía Mateo Valentina Diego Camila Andrés", "Herrera Ibáñez Castaño Rojas Muñoz Peña"),
    ("Beatriz Thiago Larissa Caio Marina Otávio", "Figueiredo Araújo Nogueira Teixeira Barros Leitão"),
    ("Giulia Pietro Chiara Davide Elisa Nicolò", "Ferraro Gallo Marchetti Rinaldi Serra Conti"),
    ("Zofia Łukasz Hanna Bartosz Maja Szymon", "Wójcik Zieliński Kaczmarek Pawlak Jabłońska Sikora"),
    ("Oksana Taras Iryna Bohdan Solomiya Andriy", "Kovalenko Shevchuk Bondar Melnyk Tkachenko Lysenko"),
    ("Aylin Emre Defne Kerem Elif Barış", "Yıldız Şahin Öztürk Aydın Kılıç Çelik"),
    ("Layla Omar Nour Karim Yasmin Tariq", "Haddad Mansour Nasser Khoury Saleh Farah"),
    ("Parisa Dariush Shirin Kaveh Niloufar Arash", "Rostami Karimi Tehrani Moradi Jafari Ebrahimi"),
    ("Ananya Rohan Meera Arjun Kavya Vikram", "Iyer Banerjee Kulkarni Reddy Chatterjee Deshpande"),
    ("Mei Jun Lihua Wei Xinyi Haoran", "Chen Zhao Huang Sun Guo Tang"),
    ("Haruka Ren Yui Sota Aoi Daiki", "Takahashi Mori Ishikawa Fujita Nakajima Okada"),
    ("Minseo Jiho Seoyeon Hyunwoo Yuna Taeyang", "Kwon Shin Bae Yoon Lim Seo"),
    ("Linh Minh Thảo Quân Ngọc Tuấn", "Nguyễn Trần Phạm Võ Đặng Bùi"),
    ("Putri Bayu Sari Dimas Wulan Agus", "Santoso Wijaya Hartono Pratama Siregar Nugroho"),
    ("Adaeze Chidi Ngozi Emeka Ifeoma Obinna", "Okafor Nwosu Eze Adeyemi Balogun Onyeka"),
    ("Amina Juma Wanjiru Otieno Zawadi Baraka", "Mwangi Odhiambo Kariuki Njoroge Achieng Mutua"),
    ("Thandiwe Sipho Nomsa Themba Lerato Kagiso", "Dlamini Nkosi Mokoena Khumalo Zulu Molefe"),
    ("Selam Dawit Hanan Yonas Mahlet Abel", "Tesfaye Bekele Alemu Haile Girma Tadesse"),
    ("Aroha Wiremu Mereana Tane Hinewai Rangi", "Parata Ngata Tamihana Waititi Rewi Hohepa"),
    ("Freya Magnus Astrid Oskar Signe Åke", "Lindqvist Østergaard Halvorsen Bergström Sørensen Nygård"),
    ("Aoife Ciarán Niamh Declan Róisín Fergus", "O'Brien Gallagher Byrne O'Connell Kavanagh Doyle"),
    ("Maya Ethan Zoë Jordan Grace Caleb", "Carter Whitfield Brooks Hayes-Young Sullivan Mercer"),
)


def names(rng: np.random.Generator, count: int) -> list[str]:
    """This many full names; a few may repeat."""
    places = rng.integers(len(PLACES), size=count)
    picks = rng.integers(6, size=(count, 2))
    return [
        f"{PLACES[place][0].split()[given]} {PLACES[place][1].split()[family]}"
        for place, (given, family) in zip(places.tolist(), picks.tolist(), strict=True)
    ]


def email(name: str, number: int) -> str:
    """An address that differs for every number and can never be delivered."""
    latin = unicodedata.normalize("NFKD", name.translate(UNDECOMPOSED)).encode("ascii", "ignore").decode().lower()
    local_part = ".".join(re.sub(r"[^a-z-]", "", word) for word in latin.split())
    return f"{local_part}.{number + 1}@example.{'com' if number % 3 else 'org'}"


UNDECOMPOSED = str.maketrans({"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ø": "O", "ø": "o", "ß": "ss", "ı": "i"})
