"""Words in addresses that point at lists and services, and at no article: as outlets of many countries spell them."""

from __future__ import annotations

# Wherever they stand: what follows names a person, a keyword or a query.
LISTINGS = frozenset("""
tag tags tagged label labels hashtag hashtags keyword keywords schlagwort schlagworte schlagworter stichwort
etiqueta etiquetas etiquette mot-cle mots-cles motcle topic topics thema tema temas emne emner temat tagi tegi etiket
etiketler konular theme
author authors autor autoren autores autorin auteur auteurs autore autori yazar yazarlar forfatter skribent avtor
avtory writer writers byline journalist journalists contributor contributors staff-profile profile profiles profil profilo
profils perfil user users member members
category categories kategorie kategorien categoria categorias categorie kategori kategoriler kategoria kategorije
search suche suchen buscar busca busqueda buscador pesquisa recherche rechercher ricerca cerca zoeken sok szukaj
hledat arama cari pencarian poisk hakutulokset
login signin sign-in logout signup sign-up register registration anmelden anmeldung registrieren connexion
inscription iniciar-sesion registro entrar accedi inloggen
account accounts my-account myaccount konto mein-konto mon-compte mi-cuenta
subscribe subscription subscriptions suscripcion suscripciones suscribete abonnieren s-abonner assine assinatura
abbonamenti abbonati cart checkout warenkorb
share sharer sharing teilen compartir partager condividi
wp-login wp-admin wp-json wp-content cgi-bin cdn-cgi oauth sso
""".split())

# At the beginning or at the end of a path; in the middle they may be words of a section.
SERVICES = frozenset("""
about about-us aboutus ueber-uns uber-uns ueberuns quienes-somos acerca-de qui-sommes-nous a-propos chi-siamo
quem-somos over-ons om-oss om-os o-nas o-nama hakkimizda tentang-kami masthead
contact contacts contact-us contactus kontakt kontakte contacto contactenos contatti contato fale-conosco iletisim
kontak imprint impressum mentions-legales aviso-legal note-legali colofon legal-notice
privacy privacy-policy privacy-notice privacy-statement privacy-center privacy-settings your-privacy-choices
datenschutz datenschutzerklaerung datenschutzhinweise datenschutzbestimmungen politica-de-privacidad
politica-privacidad politica-de-privacidade confidentialite politique-de-confidentialite informativa-privacy
privacybeleid integritetspolicy gizlilik gizlilik-politikasi kebijakan-privasi
cookie cookies cookie-policy cookie-notice cookie-settings cookie-preferences politica-de-cookies manage-cookies
terms terms-of-use terms-of-service terms-and-conditions terms-conditions conditions-of-use user-agreement tos agb
nutzungsbedingungen condiciones-de-uso terminos-y-condiciones termos-de-uso conditions-generales cgu cgv
do-not-sell-my-personal-information do-not-sell adchoices ad-choices accessibility accessibility-statement
barrierefreiheit accessibilite code-of-ethics code-of-conduct editorial-guidelines editorial-policy
editorial-standards community-guidelines comment-policy corrections-policy copyright copyrights permissions licensing
advertise advertising advertise-with-us advertisers mediadaten mediakit media-kit werben publicidad anunciate
publicite pubblicita annonser reklam iklan pedoman-media-siber
careers career karriere stellenangebote stellenmarkt lavora-con-noi work-with-us
help hilfe ayuda aide aiuto ajuda faq faqs support kundenservice kundendienst
shop shops store stores boutique tienda loja negozio coupons gutscheine gutschein donate spenden donar faire-un-don
rss feed feeds sitemap sitemaps site-map site-index mobile-apps widgets e-paper epaper
print drucken druckansicht druckversion imprimir imprimer stampa printview print-version email-article
horoscope horoscopes horoskop horoscopo horoscopos oroscopo crossword crosswords sudoku puzzles tv-guide tv-programm
fernsehprogramm lottery loteria
""".split())

# At the end of a path only: articles stand below many of them.
LISTS = frozenset("""
abo abos abonnement abonnements newsletter newsletters digital-edition print-edition apps app marketplace feedback
redaksi team staff legal corrections jobs job empleo emploi podcasts videos galleries archive archives archiv archivo
archivos archivio arquivo arkiv arsip arsiv all-news latest latest-news most-read most-popular trending newsticker
home homepage startseite portada inicio accueil comments comment kommentare kommentar comentarios commentaires
commenti reacties yorumlar komentar email weather wetter meteo clima tiempo el-tiempo vader pogoda
""".split())

# Words within short names of pages that are no articles: "newsletter-subscriptions", "advertise-with-the-courier".
WARNINGS = frozenset("""
newsletter newsletters subscriptions podcast podcasts app apps archive archives
""".split())

# Hosts of an outlet that serve readers, by their first name.
DESKS = frozenset("""
abo abos account accounts ads advertise anzeigen api apps auth boutique cart careers cdn checkout club coupons deals
descuentos epaper email feeds forum forums help hilfe id img images jobs kundenservice login media mediadaten members
my myaccount newsletter newsletters pay policies privacy profile promo rss secure shop sso static store stellenmarkt
subscribe subscription subscriptions support suscripciones tickets trauer user ayuda aide hirdetes classifieds archive
""".split())

# What articles stand under in many content systems; the next segment is one.
ARTICLES = frozenset("""
article articles artikel artikkeli articulo articulos articolo articoli artigo artigos story noticia noticies nota
notas post posts read detail details meldung beitrag haber berita novosti statya stati xeber makale a
""".split())

# Parameters that ask a list in another order, or for a part of it.
FACETS = frozenset("""
sort sortby sort_by order orderby order_by filter filters facet facets refine dir per_page perpage pagesize page_size
limit
""".split())

# Parameters of a search, of sharing, of a printed form.
QUERIES = frozenset("q query search s keyword keywords suche buscar busca recherche text share print printable".split())

# Parameters that count pages or entries.
PAGES = frozenset("""
page p pg paged pagina seite sida strona pageno page_no pagenum page_num pagenumber page_number currentpage
current_page cp pn pageindex page_index
""".split())
OFFSETS = frozenset("offset start from skip begin first startindex start_index limitstart".split())

SESSIONS = frozenset("phpsessid jsessionid sid sessionid session_id session aspsessionid cfid cftoken osid zenid".split())

DATES = frozenset("date day month year datum fecha data jahr monat tag_nr from_date to_date ano mes dia".split())
