/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SVG of a forest plot as a document: its groups, names and bytes. */
#include "forest_picture.h"

/* Shapes of a row stand together, in a group that is named after what the row is. */
static void rows_are_groups(void **state)
{
    picture p = draw(&(sample_wish){.k = 12, .groups = 2, .measure = MTP_PLO});
    const char *group = p.svg;
    size_t studies = 0, seen = 0;

    (void)state;
    assert_non_null(strstr(p.svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                                  "version=\"1.1\" class=\"forest\" role=\"img\""));
    while ((group = strstr(group, "<g class=\"")) != NULL) {
        const char *end = strstr(group, "</g>");
        const char *row = strstr(group, "data-row=\"");
        size_t length = strcspn(row, " />"), inside = 0, all = 0;

        studies += strncmp(group, "<g class=\"study\">", 17) == 0;
        for (const char *at = p.svg; (at = strchr(at, 'd')) != NULL; at++) {
            bool same = strncmp(at, row, length) == 0;

            all += same;
            inside += same && at > group && at < end;
        }
        assert_true(inside > 0 && inside == all);
        group = end;
        seen++;
    }
    assert_int_equal(studies, 12);
    assert_int_equal(seen, p.forest->n_rows);
    picture_free(&p);
}

static void it_is_accessible_and_escaped(void **state)
{
    picture p =
        draw(&(sample_wish){.k = 5, .measure = MTP_PLO, .names = NAMES_UNICODE});

    (void)state;
    assert_ptr_equal(strstr(p.svg, "<svg xmlns=\"http://www.w3.org/2000/svg\""), p.svg);
    assert_non_null(strstr(p.svg, " role=\"img\" aria-labelledby=\"mtp-title-"));
    assert_non_null(strstr(p.svg, "\">Forest plot: proportion, 5 studies</title>"));
    assert_non_null(strstr(p.svg, "random effects 0.070 [0.049, 0.091]"));
    assert_non_null(
        strstr(p.svg, "font-family=\"Arial, Helvetica, Liberation Sans, sans-serif\""));
    assert_non_null(strstr(p.svg, ">M\xC3\xBCller &amp; S\xC3\xB8rensen 2000</text>"));
    assert_non_null(strstr(p.svg, ">\xC5\xBB\xC3\xB3\xC5\x82\xC4\x87 &lt;2021&gt; "
                                  "2001</text>"));
    assert_non_null(strstr(p.svg, "&quot;a, b&quot;"));
    picture_free(&p);
}

/* The value of the first attribute of that name. */
static void attribute_text(const char *svg, const char *name, char *text, size_t size)
{
    const char *at = strstr(svg, name);
    size_t length;

    assert_non_null(at);
    at += strlen(name);
    length = strcspn(at, "\"");
    assert_true(length < size);
    memcpy(text, at, length);
    text[length] = '\0';
}

/* Several figures may stand in one page: each is labelled by its own title and text. */
static void ids_belong_to_one_figure(void **state)
{
    const sample_wish wish[] = {{.k = 5, .measure = MTP_PLO},
                                {.k = 5, .measure = MTP_PLO, .names = NAMES_UNICODE}};
    char id[2][3][96], both[192];

    (void)state;
    for (int i = 0; i < 2; i++) { /* the same title and description, other studies */
        picture p = draw(&wish[i]);

        attribute_text(p.svg, " aria-labelledby=\"", id[i][0], sizeof id[i][0]);
        attribute_text(p.svg, "<title id=\"", id[i][1], sizeof id[i][1]);
        attribute_text(p.svg, "<desc id=\"", id[i][2], sizeof id[i][2]);
        (void)snprintf(both, sizeof both, "%s %s", id[i][1], id[i][2]);
        assert_string_equal(id[i][0], both);
        assert_string_not_equal(id[i][1], id[i][2]);
        picture_free(&p);
    }
    assert_string_not_equal(id[0][1], id[1][1]);
    assert_string_not_equal(id[0][2], id[1][2]);
}

static void what_xml_forbids_is_replaced(void **state)
{
    sample *s = sample_new(&(sample_wish){.k = 1, .measure = MTP_PLO});
    mtp_forest *forest;
    char *svg;

    (void)state;
    s->study[0].name = "a\x01"
                       "b\xFF"
                       "c";
    assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
    assert_int_equal(mtp_forest_svg(forest, &svg, NULL), MTP_OK);
    assert_non_null(strstr(svg, ">a\xEF\xBF\xBD"
                                "b\xEF\xBF\xBD"
                                "c</text>"));
    free(svg);
    mtp_forest_free(forest);
    sample_free(s);
}

static void the_same_bundle_gives_the_same_bytes(void **state)
{
    const sample_wish wish = {.k = 52, .groups = 3, .measure = MTP_PLO, .wide = true};
    picture a = draw(&wish), b = draw(&wish);

    (void)state;
    assert_string_equal(a.svg, b.svg);
    picture_free(&a);
    picture_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_groups),
        cmocka_unit_test(it_is_accessible_and_escaped),
        cmocka_unit_test(ids_belong_to_one_figure),
        cmocka_unit_test(what_xml_forbids_is_replaced),
        cmocka_unit_test(the_same_bundle_gives_the_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
