/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/figure.h"

#include "analysis/labbe.h"
#include "plot/frame.h"
#include "plot/labbe_figure.h"
#include "scene_check.h"
#include "support/test.h"

#include <math.h>

typedef struct columns {
    const char *measure;
    const char *option[6], *column[6];
} columns;

#define COUNTS                                                                         \
    {"events1", "n1", "events2", "n2"},                                                \
    {                                                                                  \
        "e1", "n1", "e2", "n2"                                                         \
    }
#define RATES                                                                          \
    {"events1", "time1", "events2", "time2"},                                          \
    {                                                                                  \
        "e1", "n1", "e2", "n2"                                                         \
    }
#define MEANS                                                                          \
    {"mean1", "sd1", "n1", "mean2", "sd2", "n2"},                                      \
    {                                                                                  \
        "e1", "3", "n1", "e2", "4", "n2"                                               \
    }

static const columns asked[] = {
    {"OR", COUNTS}, {"PETO", COUNTS}, {"RR", COUNTS},  {"RD", COUNTS}, {"AS", COUNTS},
    {"IRR", RATES}, {"IRD", RATES},   {"IRSD", RATES}, {"MD", MEANS},  {"ROM", MEANS},
};
enum { N_ASKED = sizeof asked / sizeof asked[0] };

/* Groups of 5 to 1284 patients, of whom one at least and four in five at most have an
 * event, as a fixed linear congruential sequence has it. */
static mtp_table *make_table(size_t k)
{
    mtp_table_options options;
    mtp_table *table = NULL;
    unsigned state = 4711;
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    mtp_strbuf_add(&text, "e1,n1,e2,n2,s\n");
    for (size_t i = 0; i < k; i++) {
        unsigned n[2], e[2];

        for (int g = 0; g < 2; g++) {
            state = state * 1103515245U + 12345U;
            n[g] = 5U + ((state >> 16) % 1280U) / (1U + (state >> 28));
            e[g] = 1U + (state >> 8) % (4U * n[g] / 5U);
        }
        mtp_strbuf_printf(&text, "%u,%u,%u,%u,A study with a name as long as %zu\n",
                          e[0], n[0], e[1], n[1], i);
    }
    mtp_table_options_init(&options, sizeof options);
    assert_int_equal(mtp_table_parse_csv("a.csv", text.text, text.length, &options,
                                         &table, NULL, NULL),
                     MTP_OK);
    mtp_strbuf_free(&text);
    return table;
}

static mtp_request *request_of(const columns *c, mtp_command command)
{
    mtp_request *request = NULL;

    assert_int_equal(mtp_request_new(command, &request, NULL), MTP_OK);
    assert_int_equal(mtp_request_set(request, "measure", c->measure, NULL), MTP_OK);
    assert_int_equal(mtp_request_set(request, "study", "s", NULL), MTP_OK);
    for (size_t i = 0; i < 6 && c->option[i]; i++) {
        assert_int_equal(mtp_request_set(request, c->option[i], c->column[i], NULL),
                         MTP_OK);
    }
    return request;
}

static mtp_bundle *analyse(const columns *c, size_t k)
{
    mtp_table *table = make_table(k);
    mtp_request *request = request_of(c, MTP_COMMAND_LABBE);
    mtp_bundle *bundle = NULL;

    assert_int_equal(mtp_run(request, table, &bundle, NULL, NULL), MTP_OK);
    mtp_request_free(request);
    mtp_table_free(table);
    return bundle;
}

static void everything_has_its_place(void **state)
{
    static const double widths[] = {(double)NAN, 70.0, 174.0};
    static const size_t sizes[] = {1, 2, 13, 500};

    (void)state;
    for (size_t i = 0; i < 4 * N_ASKED; i++) {
        mtp_bundle *bundle = analyse(&asked[i / 4], sizes[i % 4]);

        for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
            check_scene(mtp_labbe_scene(bundle, mtp_frame_width(widths[w])));
        }
        mtp_bundle_free(bundle);
    }
}

/* By hand: the odds 1 become 1/2, which is a risk of 1/3. */
static void effects_make_outcomes(void **state)
{
    static const struct {
        mtp_measure measure;
        double control, effect, treated;
    } want[] = {
        {MTP_OR, 0.5, -0.69314718055994529, 1.0 / 3.0},
        {MTP_PETO, 0.2, 1.3862943611198906, 0.5},
        {MTP_RR, 0.4, -0.69314718055994529, 0.2},
        {MTP_RR, 0.5, 1.0986122886681098, 1.0}, /* 1.5: as far as risks go */
        {MTP_RD, 0.4, -0.1, 0.3},
        {MTP_RD, 0.4, -0.5, 0.0},
        {MTP_AS, 0.25, 0.52359877559829882, 0.75}, /* sin(30 + 30 degrees)^2 */
        {MTP_IRR, 0.3, 0.69314718055994529, 0.6},
        {MTP_IRD, 3.0, -1.0, 2.0},
        {MTP_IRSD, 4.0, -0.5, 2.25},
        {MTP_MD, -4.0, -0.5, -4.5},
        {MTP_ROM, 10.0, 0.69314718055994529, 20.0},
        {MTP_OR, 0.0, 2.0, 0.0},
        {MTP_OR, 1.0, 2.0, 1.0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        const mtp_labbe_kind *kind = mtp_labbe_find(want[i].measure);

        assert_close(mtp_labbe_treated(kind, want[i].control, want[i].effect),
                     want[i].treated, 1e-14, 1e-15);
    }
}

/* Risks are events by patients, also of the cells of a table. */
static void outcomes_are_observed(void **state)
{
    mtp_bundle *bundle = analyse(&asked[0], 1);
    const double *raw = bundle->studies[0].raw;
    mtp_labbe_point point;

    (void)state;
    assert_true(mtp_labbe_place(bundle, 0, &point));
    assert_close(point.treated, raw[0] / raw[1], 1e-15, 0.0);
    assert_close(point.control, raw[2] / raw[3], 1e-15, 0.0);
    assert_close(point.size, raw[1] + raw[3], 1e-15, 0.0);
    mtp_bundle_free(bundle);
}

static void other_measures_are_refused(void **state)
{
    static const mtp_measure others[] = {MTP_GEN,  MTP_PLO, MTP_PHI, MTP_SMD,
                                         MTP_MPRR, MTP_HR,  MTP_MC};
    mtp_error err;

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_null(mtp_labbe_find(others[i]));
        assert_int_equal(mtp_labbe_applies(mtp_measure_get(others[i]), &err),
                         MTP_E_UNSUPPORTED);
        assert_non_null(strstr(err.message, mtp_measure_get(others[i])->code));
    }
}

/* A pooling of two groups can be drawn so too, whatever command it is of. */
static void any_pooling_is_drawn(void **state)
{
    mtp_table *table = make_table(5);
    mtp_request *request = request_of(&asked[0], MTP_COMMAND_POOL);
    mtp_bundle *bundle = NULL;
    mtp_figure *figure = NULL;

    (void)state;
    assert_int_equal(mtp_run(request, table, &bundle, NULL, NULL), MTP_OK);
    assert_int_equal(
        mtp_figure_draw(bundle, MTP_FIGURE_LABBE, MTP_FIGURE_SVG, NULL, &figure, NULL),
        MTP_OK);
    mtp_figure_free(figure);
    mtp_bundle_free(bundle);
    mtp_request_free(request);
    mtp_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_has_its_place),
        cmocka_unit_test(effects_make_outcomes),
        cmocka_unit_test(outcomes_are_observed),
        cmocka_unit_test(other_measures_are_refused),
        cmocka_unit_test(any_pooling_is_drawn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
