/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML is read back: its elements close, its words and numbers are those of the text
 * report, and a name stays a name whatever it holds. */
#include "metapool/report.h"

#include "report/html_page.h"
#include "samples.h"
#include "support/test.h"

#include <ctype.h>
#include <stdlib.h>

static int set_up(void **state)
{
    *state = mtp_arena_new();
    return *state ? 0 : 1;
}

static int tear_down(void **state)
{
    mtp_arena_free(*state);
    return 0;
}

static char *write_format(const sample *s, mtp_format format)
{
    char *text = NULL;

    assert_int_equal(mtp_report(&s->bundle, format, NULL, &text, NULL, NULL), MTP_OK);
    return text;
}

/* Raised digits of HTML as the text report has them. */
static void lower_squares(char *html)
{
    for (char *at = html; (at = strstr(at, "\xC2\xB2")) != NULL;) {
        memcpy(at, "^2", 2);
    }
}

/* The characters that an entity or a byte of content stands for. */
static const char *decode(const char *at, char *c)
{
    static const struct {
        const char *entity;
        char c;
    } known[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};

    *c = *at;
    if (*at != '&') {
        return at + 1;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t length = strlen(known[i].entity);

        if (strncmp(at, known[i].entity, length) == 0) {
            *c = known[i].c;
            return at + length;
        }
    }
    fail_msg("not an entity: %.10s", at);
    return at;
}

typedef struct reader {
    char *words; /* the content so far */
    size_t length;
    char open[32][16];
    size_t depth, items;
} reader;

static void add(reader *r, const char *text, size_t length)
{
    memcpy(r->words + r->length, text, length);
    r->length += length;
}

static void open_element(reader *r, const char *name, size_t length)
{
    char number[24];

    if (length == 4 && strncmp(name, "meta", 4) == 0) {
        return;
    }
    assert_true(r->depth < 32 && length < 16);
    (void)snprintf(r->open[r->depth++], 16, "%.*s", (int)length, name);
    r->items = strncmp(name, "ol>", 3) == 0 ? 0 : r->items;
    if (strncmp(name, "li>", 3) == 0) { /* the number that the browser shows */
        (void)snprintf(number, sizeof number, "%zu. ", ++r->items);
        add(r, number, strlen(number));
    }
}

static const char *read_tag(reader *r, const char *at)
{
    bool closes = at[1] == '/';
    const char *name = at + 1 + closes, *end = strchr(at, '>');
    size_t length = strcspn(name, " >");

    assert_non_null(end);
    if (at[1] == '!') {
        return end + 1;
    }
    if (closes) {
        assert_true(r->depth > 0);
        r->depth--;
        assert_true(strlen(r->open[r->depth]) == length &&
                    strncmp(r->open[r->depth], name, length) == 0);
        add(r, " ", strcmp(r->open[r->depth], "bdi") == 0 ? 0 : 1);
    } else {
        open_element(r, name, length);
    }
    return end + 1;
}

static bool is_inside(const reader *r, const char *name)
{
    for (size_t i = 0; i < r->depth; i++) {
        if (strcmp(r->open[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* What the page shows, but for its footer. */
static char *content_of(const char *html)
{
    reader r = {.words = calloc(2 * strlen(html) + 1, 1)};

    assert_non_null(r.words);
    while (*html) {
        char c = *html;

        if (c == '<') {
            html = read_tag(&r, html);
            continue;
        }
        html = is_inside(&r, "style") ? html + 1 : decode(html, &c);
        if (!is_inside(&r, "head") && !is_inside(&r, "footer")) {
            add(&r, &c, 1);
        }
    }
    assert_int_equal(r.depth, 0);
    return r.words;
}

/* Digits and points, blanks between. */
static char *numbers_in(const char *text)
{
    char *found = calloc(2 * strlen(text) + 1, 1), *to = found;

    assert_non_null(found);
    while (*text) {
        size_t length = isdigit((unsigned char)*text) ? strspn(text, "0123456789.") : 0;

        memcpy(to, text, length);
        to += length;
        *to = ' ';
        to += length > 0;
        text += length > 0 ? length : 1;
    }
    *to = '\0';
    return found;
}

static void html_holds_the_numbers_of_the_text(void **state)
{
    for (size_t i = 0; i < N_SAMPLES; i++) {
        sample *s = samples[i].make(*state);
        char *text = write_format(s, MTP_FORMAT_TEXT);
        char *html = write_format(s, MTP_FORMAT_HTML);
        char *content, *left, *right;

        lower_squares(html);
        content = content_of(html);
        left = numbers_in(text);
        right = numbers_in(content);
        assert_true(strlen(left) > 100);
        assert_string_equal(left, right);
        free(left);
        free(right);
        free(content);
        mtp_text_free(html);
        mtp_text_free(text);
    }
}

static void the_page_asks_for_nothing(void **state)
{
    static const char *const asks[] = {
        "<script", "<link", "<img", "src=", "url(", "http:", "https", "@import"};
    sample *s = sample_glmm(*state);
    char *html = write_format(s, MTP_FORMAT_HTML);

    assert_non_null(strstr(html, "http-equiv=\"Content-Security-Policy\" "
                                 "content=\"default-src 'none'; "));
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        assert_null(strstr(html, asks[i]));
    }
    mtp_text_free(html);
}

static void hostile_names_are_names(void **state)
{
    static char longest[10001];
    const char *const name[] = {
        "<script>alert(1)</script>",
        "\" onmouseover=\"alert(1)",
        "'><img src=x onerror=alert(1)>",
        "&lt;b&gt; &amp; &nbsp;",
        "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xE2\x80\xAE 2024",
        "=HYPERLINK(1)",
        longest,
    };
    sample *s = sample_glmm(*state);
    char *html, *content;

    memset(longest, 'x', sizeof longest - 1);
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        s->studies[i].name = name[i];
    }
    html = write_format(s, MTP_FORMAT_HTML);
    content = content_of(html);
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        assert_non_null(strstr(content, name[i]));
    }
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, "<img"));
    assert_null(strstr(html, "\" onmouseover"));
    free(content);
    mtp_text_free(html);
}

static void symbols_are_those_of_figures(void **state)
{
    static const struct {
        const char *text, *html;
    } cases[] = {
        {"tau^2 by REML, I^2 of 44%", "\xCF\x84\xC2\xB2 by REML, I\xC2\xB2 of 44%"},
        {"tau2 is 0; tau too.", "\xCF\x84\xC2\xB2 is 0; \xCF\x84 too."},
        {"(s1^2 + s2^2)^2 & n^20", "(s1\xC2\xB2 + s2\xC2\xB2)\xC2\xB2 &amp; n^20"},
        {"--tau2 REML, fit.tau2, tau2.csv, tau2=DL, taub",
         "--tau2 REML, fit.tau2, tau2.csv, tau2=DL, taub"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mtp_strbuf out;

        mtp_strbuf_init(&out);
        mtp_html_words(&out, cases[i].text);
        assert_string_equal(out.text, cases[i].html);
        mtp_strbuf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(html_holds_the_numbers_of_the_text),
        TEST(the_page_asks_for_nothing),
        TEST(hostile_names_are_names),
        TEST(symbols_are_those_of_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
