/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "written.h"

/* The text with runs of blanks and line breaks as one blank: what a reader reads. */
static char *flattened(char *text)
{
    char *to = text;

    for (const char *at = text; *at; at++) {
        bool blank = *at == ' ' || *at == '\n';

        if (!blank || (to > text && to[-1] != ' ')) {
            *to++ = blank ? ' ' : *at;
        }
    }
    *to = '\0';
    return text;
}

static void expect_said(const sample *s, const char *const said[], size_t n)
{
    char *text = flattened(write_text(s));

    for (size_t i = 0; i < n; i++) {
        if (!strstr(text, said[i])) {
            fail_msg("not said: '%s'", said[i]);
        }
    }
    mtp_text_free(text);
}

/* Columns of the characters used in these tests: East Asian wide ones take two,
 * combining accents none. */
static size_t columns_of(const char *line, size_t length)
{
    size_t columns = 0;

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)line[i];

        if (c == 0xCC) { /* U+0300 to U+033F: combining */
            i++;
        } else if (c >= 0xE4 && c <= 0xE9) { /* U+4000 to U+9FFF: wide */
            columns += 2;
            i += 2;
        } else if ((c & 0xC0) != 0x80) {
            columns++;
        }
    }
    return columns;
}

static size_t widest_line(const char *text)
{
    size_t widest = 0;

    while (*text) {
        size_t length = strcspn(text, "\n"), columns = columns_of(text, length);

        widest = columns > widest ? columns : widest;
        text += length + (text[length] == '\n');
    }
    return widest;
}

static const char long_name[] =
    "A very long name of a study that was written by a committee of many authors, 2021";

static void no_line_is_wider_than_the_page(void **state)
{
    for (size_t i = 0; i < N_SAMPLES; i++) {
        sample *s = samples[i].make(*state);

        for (int width = 80; width <= 120; width += 20) {
            char *text = write_format(s, MTP_FORMAT_TEXT, 4, width);

            assert_true(widest_line(text) <= (size_t)width);
            mtp_text_free(text);
        }
        for (size_t j = 0; j < s->bundle.n_studies; j += 2) {
            s->studies[j].name = long_name;
        }
        s->bundle.ledger.source = "/a/very/long/path/without/any/blank/that/does/not/"
                                  "fit/into/one/line/of/the/page/studies.csv";
        s->bundle.by = long_name;
        {
            char *text = write_text(s);

            assert_true(widest_line(text) <= 80);
            mtp_text_free(text);
        }
    }
}

static void long_names_are_cut_and_numbers_are_not(void **state)
{
    sample *s = sample_inverse(*state);
    char *text;

    s->studies[0].name = long_name;
    text = write_text(s);
    assert_null(strstr(text, long_name));
    assert_non_null(strstr(text, "\nA very long name of a study that\xE2\x80\xA6"));
    assert_non_null(
        strstr(text, "\xE2\x80\xA6    -0.8893   [-2.0077, 0.2290]     0.5     5.1\n"));
    mtp_text_free(text);
    text = write_format(s, MTP_FORMAT_TEXT, 4, 200);
    assert_non_null(strstr(text, long_name));
    mtp_text_free(text);
    text = write_format(s, MTP_FORMAT_TEXT, 15, 80); /* does not fit in any way */
    assert_non_null(strstr(text, "-0.889311333920206"));
    mtp_text_free(text);
}

static void columns_are_aligned_by_what_the_eye_sees(void **state)
{
    static const char *const name[] = {"M\xC3\xBCller 2020",            /* u umlaut */
                                       "Mu\xCC\x88ller 2020",           /* combining */
                                       "\xE7\x8E\x8B\xE6\x98\x8E 2019", /* wide */
                                       "Smith 2018"};
    sample *s = sample_effects(*state);
    char *text;
    const char *at;
    size_t width;

    s->bundle.n_studies = 4;
    for (size_t i = 0; i < 4; i++) {
        s->studies[i].name = name[i];
    }
    text = write_text(s);
    at = strstr(text, "-----\n");
    assert_non_null(at);
    at = strchr(at, '\n') + 1;
    width = columns_of(at, strcspn(at, "\n"));
    for (size_t i = 0; i < 4; i++, at += strcspn(at, "\n") + 1) {
        assert_non_null(strstr(at, name[i]));
        assert_int_equal(columns_of(at, strcspn(at, "\n")), width);
    }
    mtp_text_free(text);
}

static void control_characters_do_not_break_a_table(void **state)
{
    sample *s = sample_effects(*state);
    char *text;

    s->studies[0].name = "two\nlines\x1b[31m";
    s->studies[1].name = "bad \xFF byte";
    text = write_text(s);
    assert_non_null(strstr(text, "  1  two lines [31m  "));
    assert_non_null(strstr(text, "  2  bad \xEF\xBF\xBD byte  "));
    mtp_text_free(text);
}

static void the_methods_are_named_in_full(void **state)
{
    static const char *const glmm[] = {
        "Meta-analysis of 52 studies: logit-transformed proportion (PLO)",
        "Data studies.csv: 52 rows, 52 used",
        "Events 574 in 7604 patients",
        "scale, transformed back to proportions by the inverse logit",
        "binomial-normal generalized linear mixed model, maximum likelihood, ",
        "likelihood, 7-point adaptive Gauss-Hermite quadrature; interval: Wald, ",
        "Wald, normal quantile; prediction interval: t with k - 1 degrees of freedom",
        "Common effect the same model with tau^2 = 0; interval: Wald, normal quantile",
        "Subgroups by entity, each with its own tau^2",
        "Observed proportions (events / n) with 95% Wilson score intervals.",
        "A mixed model has no study weights."};
    static const char *const inverse[] = {
        "ready-made effect (GEN), on the scale as given",
        "inverse variance, tau^2 by restricted maximum likelihood (REML); interval: ",
        "interval: Hartung-Knapp-Sidik-Jonkman, df 12; prediction interval: Hartung",
        "Hartung-Knapp standard error, t with k - 1 degrees of freedom",
        "Study effects with 95% Wald intervals. Weights in percent.",
        "Test, random effects effect = 0: t -3.952, df 12, p = 0.0019"};
    sample *s = sample_glmm(*state);

    expect_said(s, glmm, sizeof glmm / sizeof *glmm);
    s->pool.overall.fit.nodes = 0;
    s->pool.options.tau2_scope = MTP_TAU2_COMMON;
    expect_said(s,
                (const char *const[]){"exact integral over the random effect",
                                      "by entity, one tau^2 for all of them"},
                2);
    expect_said(sample_inverse(*state), inverse, sizeof inverse / sizeof *inverse);
}

/* The figures of the published analysis as its readers know them: 7.5 % and 6.8 %. */
static void the_figures_stand_where_they_belong(void **state)
{
    static const char *const said[] = {
        "Common effect proportion 0.0755 [0.0698, 0.0816] logit -2.5053 0.0434 ",
        "logit -2.5053 0.0434 [-2.5904, -2.4202]",
        "Random effects proportion 0.0682 [0.0578, 0.0804] logit -2.6143 0.0904 ",
        "logit -2.6143 0.0904 [-2.7916, -2.4371]",
        "Prediction interval proportion [0.0270, 0.1619]",
        "tau^2 0.2252 tau 0.4746 (logit scale) I^2 67.8%",
        "Q, Wald test chi-square 143.493, df 51, p < 0.0001",
        "Likelihood-ratio test chi-square 163.814, df 51, p < 0.0001",
        "LBCL 31 420 5806 0.0611 [0.0489, 0.0760] 0.2518 73.4",
        "MM 0.0863 [0.0717, 0.1037] 26.764 12 0.0084",
        "Tests between subgroups Random effects chi-square 9.270, df 3, p = 0.0259",
        "LBCL, 31 studies Abramson 2020 7 269 0.0260 [0.0127, 0.0527]",
        "1. 0.5 was added"};

    expect_said(sample_glmm(*state), said, sizeof said / sizeof *said);
}

static void composition_says_what_its_intervals_are(void **state)
{
    static const char *const said[] = {
        "Composition by cause and setting",
        "infection 292 0.6293 [0.5845, 0.6720] [0.5674, 0.6872]",
        "cardiovascular or respiratory CT 21 127 0.1654 [0.1108, 0.2396] 3.449 RW 21 "
        "337 "
        "0.0623 [0.0411, 0.0934] -3.449",
        "Pearson's test chi-square 18.936, df 6, p = 0.0043",
        "Least expected count 2.463 Cramer's V 0.2020",
        "2. Warning: an expected count is below 5"};
    sample *s = sample_composition(*state);

    expect_said(s, said, sizeof said / sizeof *said);
    s->composition.chi_square.statistic = (double)NAN;
    expect_said(s, (const char *const[]){"There is no test: it takes two groups"}, 1);
}

static void nothing_is_said_with_its_reason(void **state)
{
    static const char *const said[] = {
        "Pooled estimates There is no overall estimate; note 1 says why.",
        "1. Warning: no study has an event"};

    expect_said(sample_nothing(*state), said, 2);
}

static void a_common_effect_stands_alone(void **state)
{
    static const char *const said[] = {
        "Common effect the same model with tau^2 = 0; interval: Wald",
        "Common effect proportion 0.1250 [0.0530, 0.2672] logit -1.9459 0.4781",
        "Random effects proportion - - logit - - -",
        "There is no estimate of random effects; note 1 says why.",
        "tau^2 not estimated",
        "Likelihood-ratio test chi-square 30.142, df 3, p < 0.0001"};

    expect_said(sample_common(*state), said, sizeof said / sizeof *said);
}

static void exclusions_are_listed_with_their_reasons(void **state)
{
    static const char *const few[] = {
        "bcg.csv: 16 rows, 13 used, 1 filtered out, 2 excluded",
        "Excluded rows Row 14 line 15, Trial without result: vi is missing Row 15 line "
        "16, yi is missing"};
    static const char *const many[] = {"Row 10 line 11, x is missing",
                                       "The first 10 of 25"};
    sample *s = sample_inverse(*state);
    mtp_excluded row[25];
    char *text;

    expect_said(s, few, 2);
    for (size_t i = 0; i < 25; i++) {
        row[i] = (mtp_excluded){
            .row = i + 1, .line = i + 2, .code = "missing", .reason = "x is missing"};
    }
    s->bundle.ledger.n_excluded = 25;
    s->bundle.ledger.excluded = row;
    expect_said(s, many, 2);
    text = write_text(s);
    assert_null(strstr(text, "Row 11"));
    mtp_text_free(text);
}

static void special_cases_are_told_in_words(void **state)
{
    sample *s = sample_inverse(*state);
    mtp_pooled *overall = &s->pool.overall;

    overall->heterogeneity.ci.status = MTP_SET_EMPTY;
    overall->common.ci.p = 0.0;
    overall->common.ci.log_p = -1234.5;
    overall->fit.n_modes = 2;
    overall->fit.modes[1] = (mtp_mode){1.25, -13.5, -0.75};
    s->pool.between.random = (mtp_test){3.5, true, 3.0, 48.0, 0.0224, -3.8};
    s->bundle.level = 0.999;
    expect_said(s,
                (const char *const[]){
                    "tau^2 0.3132, SE 0.1664; 99.9% interval (Q-profile): empty, no "
                    "tau^2 agrees with the data",
                    "p < 1e-300 (ln p = -1234.500)",
                    "Local maximum tau^2 1.2500, estimate -0.7500, log-likelihood "
                    "-13.500"},
                3);
    overall->heterogeneity.tau2 = (double)NAN;
    overall->k = 1;
    expect_said(s, (const char *const[]){"tau^2 one study tells nothing about it"}, 1);
    overall->heterogeneity.ci.status = MTP_SET_OK;
    overall->heterogeneity.ci.tau2[1] = HUGE_VAL;
    overall->heterogeneity.tau2 = 0.25;
    expect_said(s, (const char *const[]){"interval [0.1197, inf)"}, 1);
}

static void a_rate_is_named_with_its_unit(void **state)
{
    sample *s = sample_inverse(*state);
    double raw[20][2];

    s->bundle.measure = mtp_measure_get(MTP_IRLN);
    s->bundle.raw_role = mtp_measure_columns(MTP_IRLN, &s->bundle.n_columns);
    for (size_t i = 0; i < s->bundle.n_studies; i++) {
        raw[i][0] = s->studies[i].events = (double)i;
        raw[i][1] = s->studies[i].time = 100.5 + (double)i;
        s->studies[i].raw = raw[i];
        s->studies[i].observed.estimate = 0.01;
        s->studies[i].observed.ci_lower = 0.0;
        s->studies[i].observed.ci_upper = 0.05;
        s->studies[i].observed.ci_method = "poisson-exact";
    }
    s->pool.overall.events = 78.0;
    s->pool.overall.time = 1384.5;
    expect_said(s,
                (const char *const[]){
                    "a rate is events per unit of person-time",
                    "Events 78 in 1384.50 units of person-time",
                    "Observed rates (events per unit of person-time) with 95% exact "
                    "Poisson intervals.",
                    "Aronson 1948 0 100.50 0.0100 [0.0000, 0.0500]"},
                4);
    /* Three significant digits of a small rate. */
    s->pool.overall.random.back.estimate = 0.000564;
    expect_said(s,
                (const char *const[]){"Aronson 1948 0 100.50 0.010000 "
                                      "[0.000000, 0.050000]",
                                      "Random effects rate 0.000564"},
                2);
}

/* The data of the first three trials of BCG vaccine. */
static void two_groups_stand_beside_the_estimate(void **state)
{
    static const double raw[3][4] = {
        {4, 123, 11, 139}, {6, 306, 29, 303}, {3, 231, 11, 220}};
    sample *s = sample_inverse(*state);

    s->bundle.measure = mtp_measure_get(MTP_RR);
    s->bundle.raw_role = mtp_measure_columns(MTP_RR, &s->bundle.n_columns);
    s->bundle.n_studies = 3;
    for (size_t i = 0; i < 3; i++) {
        s->studies[i].raw = raw[i];
    }
    /* The third name is too long: a table of its own. */
    expect_said(s,
                (const char *const[]){"Data of the studies Treated and control: "
                                      "events/n. Study Treated Control",
                                      "Rosenthal et al 1960 3/231 11/220",
                                      "Study risk ratios with 95% Wald intervals. "
                                      "Weights in percent."},
                3);
    s->bundle.n_studies = 1;
    expect_said(s,
                (const char *const[]){"Treated and control: events/n. Weights",
                                      "Aronson 1948 4/123 11/139 ",
                                      "Study risk ratios with 95% Wald intervals."},
                3);
}

static void means_have_a_table_of_their_own(void **state)
{
    static const double raw[2][6] = {{23.4, 5.1, 30, 25, 5.5, 31},
                                     {18.25, 4, 25, 21.5, (double)NAN, 22}};
    sample *s = sample_inverse(*state);

    s->bundle.measure = mtp_measure_get(MTP_MD);
    s->bundle.raw_role = mtp_measure_columns(MTP_MD, &s->bundle.n_columns);
    s->bundle.n_studies = 2;
    s->studies[0].raw = raw[0];
    s->studies[1].raw = raw[1];
    expect_said(
        s,
        (const char *const[]){"Group 1 is the treated one, group 2 the control.",
                              "Study Mean 1 SD 1 n 1 Mean 2 SD 2 n 2",
                              "Aronson 1948 23.40 5.1 30 25.0 5.5 31",
                              "Ferguson & Simes 1949 18.25 4.0 25 21.5 - 22"},
        4);
}

static void a_group_without_an_estimate_has_dashes(void **state)
{
    sample *s = sample_glmm(*state);

    s->groups[0].exists = false;
    expect_said(s, (const char *const[]){"IL 3 15 265 - - - - LBCL 31"}, 1);
}

/* Figures that are not there are never written as a number that is none. */
static void not_a_number_never_appears(void **state)
{
    static const mtp_format formats[] = {MTP_FORMAT_TEXT, MTP_FORMAT_JSON,
                                         MTP_FORMAT_CSV, MTP_FORMAT_MARKDOWN};

    for (size_t i = 0; i < N_SAMPLES; i++) {
        for (size_t f = 0; f < 4; f++) {
            char *text = write_format(samples[i].make(*state), formats[f], 4, 80);

            for (char *at = text; *at; at++) {
                *at = (char)tolower((unsigned char)*at);
            }
            for (const char *at = text; (at = strstr(at, "nan")) != NULL; at++) {
                bool in_word = at > text && isalpha((unsigned char)at[-1]);

                assert_true(in_word || isalpha((unsigned char)at[3]));
            }
            mtp_text_free(text);
        }
    }
}

static void colour_is_bold_and_nothing_else(void **state)
{
    mtp_report_options options;
    sample *s = sample_glmm(*state);
    char *plain = write_text(s), *bold, *to;

    mtp_report_options_init(&options, sizeof options);
    options.color = true;
    assert_int_equal(
        mtp_report(&s->bundle, MTP_FORMAT_TEXT, &options, &bold, NULL, NULL), MTP_OK);
    assert_non_null(strstr(bold, "\033[1mPooled estimates\033[0m\n"));
    assert_null(strchr(plain, '\033'));
    to = bold;
    for (const char *at = bold; *at; at++) { /* take the sequences out */
        if (*at == '\033') {
            at = strchr(at, 'm');
        } else {
            *to++ = *at;
        }
    }
    *to = '\0';
    assert_string_equal(bold, plain);
    mtp_text_free(bold);
    mtp_text_free(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(no_line_is_wider_than_the_page),
        TEST(long_names_are_cut_and_numbers_are_not),
        TEST(columns_are_aligned_by_what_the_eye_sees),
        TEST(control_characters_do_not_break_a_table),
        TEST(the_methods_are_named_in_full),
        TEST(the_figures_stand_where_they_belong),
        TEST(composition_says_what_its_intervals_are),
        TEST(nothing_is_said_with_its_reason),
        TEST(a_common_effect_stands_alone),
        TEST(exclusions_are_listed_with_their_reasons),
        TEST(special_cases_are_told_in_words),
        TEST(a_rate_is_named_with_its_unit),
        TEST(two_groups_stand_beside_the_estimate),
        TEST(means_have_a_table_of_their_own),
        TEST(a_group_without_an_estimate_has_dashes),
        TEST(not_a_number_never_appears),
        TEST(colour_is_bold_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
