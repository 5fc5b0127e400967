/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_reading.h"

/* A number bit for bit, or null where it is not finite. */
static void check_number(json_t *root, const char *path, double want)
{
    json_t *value = at(root, path);

    if (!isfinite(want)) {
        if (!json_is_null(value)) {
            fail_msg("%s is not null", path);
        }
    } else if (!json_is_number(value) || json_number_value(value) != want) {
        fail_msg("%s = %.17g, not %.17g", path, json_number_value(value), want);
    }
}

static void check_estimate(json_t *e, const mtp_estimate *want)
{
    check_number(e, "estimate", want->estimate);
    check_number(e, "se", want->ci.se);
    check_number(e, "statistic", want->ci.statistic);
    check_number(e, "df", want->ci.df);
    check_number(e, "p", want->ci.p);
    check_number(e, "log_p", want->ci.log_p);
    check_number(e, "null_value", want->null_value);
    check_number(e, "ci_lower", want->ci.lower);
    check_number(e, "ci_upper", want->ci.upper);
    check_number(e, "pi_se", want->pi.se);
    check_number(e, "pi_df", want->pi.df);
    check_number(e, "pi_lower", want->pi.lower);
    check_number(e, "pi_upper", want->pi.upper);
    check_number(e, "back.estimate", want->back.estimate);
    check_number(e, "back.ci_lower", want->back.ci_lower);
    check_number(e, "back.ci_upper", want->back.ci_upper);
    check_number(e, "back.pi_lower", want->back.pi_lower);
    check_number(e, "back.pi_upper", want->back.pi_upper);
    assert_int_equal(json_array_size(at(e, "intervals")), want->n_intervals);
    assert_int_equal(json_array_size(at(e, "predictions")), want->n_predictions);
    for (size_t i = 0; i < want->n_intervals; i++) {
        json_t *interval = json_array_get(at(e, "intervals"), i);

        check_text(interval, "method", mtp_ci_id(want->intervals[i].method));
        check_number(interval, "se", want->intervals[i].se);
        check_number(interval, "ci_lower", want->intervals[i].lower);
        check_number(interval, "ci_upper", want->intervals[i].upper);
    }
}

static void check_heterogeneity(json_t *h, const mtp_heterogeneity *want)
{
    check_number(h, "Q", want->Q);
    check_number(h, "df", want->df);
    check_number(h, "p", want->p);
    check_number(h, "log_p", want->log_p);
    check_text(h, "Q_center", want->Q_center);
    check_number(h, "tau2", want->tau2);
    check_number(h, "tau2_se", want->tau2_se);
    check_number(h, "tau2_ci.0", want->ci.tau2[0]);
    check_number(h, "tau2_ci.1", want->ci.tau2[1]);
    check_number(h, "tau_ci.1", want->ci.tau[1]);
    check_number(h, "I2", want->I2);
    check_number(h, "I2_ci.0", want->ci.I2[0]);
    check_number(h, "H2", want->H2);
    check_number(h, "H2_ci.1", want->ci.H2[1]);
    check_number(h, "I2_Q", want->I2_Q);
    check_number(h, "vt", want->vt);
    check_number(h, "LRT", want->LRT);
    check_number(h, "LRT_df", want->LRT_df);
    check_number(h, "LRT_p", want->LRT_p);
    check_number(h, "tau2_test.statistic", want->tau2_statistic);
    check_number(h, "tau2_test.p", want->tau2_p);
}

static void the_figures_are_those_of_the_bundle(void **state)
{
    for (size_t i = 0; i < 2; i++) {
        sample *s = samples[i].make(*state);
        json_t *root = parse(s);
        const mtp_pooled *overall = &s->pool.overall;

        check_estimate(at(root, "overall.common"), &overall->common);
        check_estimate(at(root, "overall.random"), &overall->random);
        check_heterogeneity(at(root, "overall.heterogeneity"), &overall->heterogeneity);
        check_number(root, "overall.fit.loglik", overall->fit.loglik);
        check_number(root, "overall.fit.BIC", overall->fit.BIC);
        check_number(root, "overall.k", (double)overall->k);
        check_number(root, "overall.n", overall->n);
        for (size_t j = 0; j < s->bundle.n_studies; j++) {
            json_t *study = json_array_get(at(root, "studies"), j);
            const mtp_study *want = &s->studies[j];

            check_number(study, "row", (double)want->row);
            check_text(study, "study", want->name);
            check_text(study, "group", want->group);
            check_number(study, "yi", want->yi);
            check_number(study, "vi", want->vi);
            check_number(study, "weight_random", want->weight_random);
            check_number(study, "observed.ci_lower", want->observed.ci_lower);
            check_text(study, "observed.ci_method", want->observed.ci_method);
        }
        json_decref(root);
    }
}

static void groups_and_their_tests_are_those_of_the_bundle(void **state)
{
    sample *s = sample_glmm(*state);
    json_t *root = parse(s);

    for (size_t g = 0; g < s->pool.n_groups; g++) {
        json_t *group = json_array_get(at(root, "groups"), g);

        check_text(group, "level", s->pool.group_name[g]);
        check_estimate(at(group, "random"), &s->groups[g].random);
        check_heterogeneity(at(group, "heterogeneity"), &s->groups[g].heterogeneity);
    }
    check_text(root, "between_groups.by", "entity");
    check_number(root, "between_groups.random.p", s->pool.between.random.p);
    check_text(root, "between_groups.random.type", "chi2");
    check_number(root, "between_groups.random.df2", (double)NAN);
    check_text(root, "between_groups.within.type", NULL);
    check_number(root, "overall.fit.nodes", 7.0);
    assert_true(json_is_true(at(root, "groups.0.fit.boundary")));
    assert_true(json_is_false(at(root, "overall.fit.boundary")));
    json_decref(root);
}

static void the_header_says_what_was_asked(void **state)
{
    json_t *root = parse(sample_inverse(*state));

    check_text(root, "schema", "metapool.pool/1");
    check_text(root, "metapool_version", mtp_version());
    check_number(root, "options.level", 95.0);
    check_text(root, "options.tau2", "REML");
    check_text(root, "data.source", "bcg.csv");
    check_number(root, "data.filtered", 1.0);
    check_number(root, "data.excluded.1.line", 16.0);
    check_text(root, "data.excluded.1.study", NULL);
    check_text(root, "between_groups.by", NULL);
    check_text(root, "overall.random.ci_method", "hksj");
    check_text(root, "overall.common.pi_method", "none");
    assert_true(json_is_null(at(root, "overall.fit.nodes")));
    json_decref(root);
    root = parse(sample_glmm(*state));
    check_text(root, "options.where", NULL);
    check_text(root, "options.null", NULL);
    check_number(root, "notes.0.row", (double)NAN);
    check_text(root, "notes.0.code", "zero_cells_corrected");
    check_text(root, "notes.0.severity", "info");
    json_decref(root);
}

static void the_composition_is_that_of_the_bundle(void **state)
{
    sample *s = sample_composition(*state);
    json_t *root = parse(s);
    const mtp_share *share = &s->composition.group[1].share[2];

    check_number(root, "total", 464.0);
    check_number(root, "categories.0.residual", (double)NAN);
    check_text(root, "groups.1.categories.2.category", "cardiovascular or respiratory");
    check_number(root, "groups.1.categories.2.count", 21.0);
    check_number(root, "groups.1.categories.2.wilson.0", share->wilson[0]);
    check_number(root, "groups.1.categories.2.goodman.1", share->goodman[1]);
    check_number(root, "groups.1.categories.2.residual", share->residual);
    check_number(root, "tests.chi_square.statistic", 18.936059022372813);
    check_number(root, "tests.exact.p", s->composition.exact.p);
    check_text(root, "tests.exact.method", "monte_carlo");
    check_number(root, "tests.exact.seed", 20240618.0);
    check_number(root, "tests.exact.draws", 100000.0);
    s->composition.exact.method = MTP_EXACT_FULL;
    json_decref(root);
    root = parse(s);
    check_text(root, "tests.exact.method", "exact");
    check_number(root, "tests.exact.seed", (double)NAN);
    json_decref(root);
}

/* Every number below a set that does not exist is null, whatever the structs hold. */
static void expect_no_number(json_t *value)
{
    const char *key;
    json_t *item;
    size_t index;

    assert_false(json_is_number(value));
    if (json_is_object(value)) {
        json_object_foreach(value, key, item)
        {
            expect_no_number(item);
        }
    }
    json_array_foreach(value, index, item)
    {
        expect_no_number(item);
    }
}

static void what_does_not_exist_is_null(void **state)
{
    json_t *root = parse(sample_nothing(*state));

    expect_no_number(at(root, "overall.common"));
    expect_no_number(at(root, "overall.random"));
    expect_no_number(at(root, "overall.heterogeneity"));
    check_text(root, "overall.random.ci_method", NULL);
    check_text(root, "overall.fit.method", "glmm");
    check_text(root, "overall.fit.nodes", "exact");
    assert_true(json_is_null(at(root, "overall.fit.converged")));
    assert_true(json_is_null(at(root, "overall.fit.iterations")));
    check_number(root, "overall.n", 195.0);
    check_text(root, "notes.0.code", "no_finite_estimate");
    check_text(root, "notes.0.severity", "warning");
    json_decref(root);
}

/* A mixed model without a finite tau keeps its common effect, Q and LRT. */
static void a_common_effect_stands_alone(void **state)
{
    sample *s = sample_glmm(*state);
    mtp_pooled *p = &s->pool.overall;
    json_t *root;

    p->exists = false;
    root = parse(s);
    check_number(root, "overall.common.estimate", p->common.estimate);
    check_number(root, "overall.heterogeneity.Q", p->heterogeneity.Q);
    check_number(root, "overall.heterogeneity.LRT", p->heterogeneity.LRT);
    check_number(root, "overall.heterogeneity.tau2", (double)NAN);
    check_number(root, "overall.heterogeneity.I2", (double)NAN);
    expect_no_number(at(root, "overall.random"));
    json_decref(root);
}

static void an_empty_set_is_null_and_says_so(void **state)
{
    sample *s = sample_inverse(*state);
    json_t *root;

    s->pool.overall.heterogeneity.ci.status = MTP_SET_EMPTY;
    s->pool.overall.heterogeneity.intervals[0].status = MTP_SET_EMPTY;
    root = parse(s);
    check_number(root, "overall.heterogeneity.tau2_ci.0", (double)NAN);
    check_number(root, "overall.heterogeneity.H2_ci.1", (double)NAN);
    check_number(root, "overall.heterogeneity.intervals.0.I2.0", (double)NAN);
    check_text(root, "overall.heterogeneity.intervals.0.status", "empty");
    json_decref(root);
    s->pool.overall.heterogeneity.intervals[0].status = MTP_SET_UNDEFINED;
    root = parse(s);
    check_text(root, "overall.heterogeneity.intervals.0.status", "undefined");
    json_decref(root);
    s->pool.overall.heterogeneity.n_intervals = 0;
    root = parse(s);
    assert_int_equal(json_array_size(at(root, "overall.heterogeneity.intervals")), 0);
    json_decref(root);
}

static void an_infinite_limit_is_null_with_a_note(void **state)
{
    sample *s = sample_inverse(*state);
    json_t *root;

    s->pool.overall.heterogeneity.ci.tau2[1] = HUGE_VAL;
    root = parse(s);
    check_number(root, "overall.heterogeneity.tau2_ci.0",
                 s->pool.overall.heterogeneity.ci.tau2[0]);
    check_number(root, "overall.heterogeneity.tau2_ci.1", HUGE_VAL);
    assert_int_equal(json_array_size(at(root, "notes")), 1);
    check_text(root, "notes.0.code", "unbounded");
    json_decref(root);
    /* A note of the result itself is enough. */
    s->notes[0] = (mtp_note){MTP_NOTE_UNBOUNDED, MTP_INFO, 0, "the limit is infinite"};
    s->bundle.notes.count = 1;
    root = parse(s);
    assert_int_equal(json_array_size(at(root, "notes")), 1);
    check_text(root, "notes.0.text", "the limit is infinite");
    json_decref(root);
}

static void an_f_test_has_two_degrees_of_freedom(void **state)
{
    sample *s = sample_glmm(*state);
    json_t *root;

    s->pool.between.random = (mtp_test){3.5, true, 3.0, 48.0, 0.0224, log(0.0224)};
    root = parse(s);
    check_text(root, "between_groups.random.type", "F");
    check_number(root, "between_groups.random.df2", 48.0);
    json_decref(root);
}

static void numbers_are_the_shortest_text(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.1, "\"estimate\": 0.1,"},
                 {1.0 / 3.0, "\"estimate\": 0.3333333333333333,"},
                 {5e-324, "\"estimate\": 5e-324,"},
                 {-2.0, "\"estimate\": -2,"}};
    sample *s = sample_inverse(*state);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text;

        s->pool.overall.common.estimate = cases[i].value;
        text = write_json(s);
        assert_non_null(strstr(text, cases[i].text));
        mtp_text_free(text);
    }
}

/* Options as the report lists them. */
/* clang-format off */
#define WORD(name_, value_)   {.name = name_, .value = value_}

#define NUMBER(name_, value_) {.name = name_, .value = value_, .is_number = true}

/* clang-format on */

static void options_keep_their_digits(void **state)
{
    sample *s = sample_composition(*state);
    const mtp_effective_option options[] = {
        NUMBER("seed", "9007199254740993"),
        NUMBER("add", "0.50"),
        NUMBER("tau2", "1e-3"),
        NUMBER("level", "95"),
        WORD("where", "a = 'x'"),
        {.name = "allow", .value = "true", .is_flag = true},
        WORD("n", "12")};
    char *text;

    s->bundle.options = options;
    s->bundle.n_options = sizeof options / sizeof *options;
    text = write_json(s);
    assert_non_null(strstr(text, "\"seed\": 9007199254740993,")); /* 2^53 + 1 */
    assert_non_null(strstr(text, "\"add\": 0.5,"));
    assert_non_null(strstr(text, "\"tau2\": 0.001,"));
    assert_non_null(strstr(text, "\"level\": 95,"));
    assert_non_null(strstr(text, "\"allow\": true,"));
    assert_non_null(strstr(text, "\"where\": \"a = 'x'\","));
    assert_non_null(strstr(text, "\"n\": \"12\"\n"));
    mtp_text_free(text);
}

static void text_is_escaped_and_kept(void **state)
{
    static const char hostile[] = "a\"b\\c\nd\te\x01"
                                  "f/\xC3\xA9\xE7\x8E\x8B\xF0\x9F\x98\x80";
    sample *s = sample_effects(*state);
    json_t *root;
    char *text;

    s->studies[0].name = hostile;
    s->studies[1].name = "bad \xFF byte";
    s->bundle.ledger.source = "caf\xE9.csv";
    root = parse(s);
    check_text(root, "effects.0.study", hostile);
    check_text(root, "effects.1.study", "bad \xEF\xBF\xBD byte");
    check_text(root, "data.source", "caf\xEF\xBF\xBD.csv");
    json_decref(root);
    text = write_json(s);
    assert_non_null(strstr(text, "a\\\"b\\\\c\\nd\\te\\u0001f/\xC3\xA9"));
    mtp_text_free(text);
}

/* jansson asks for memory here; the n-th request fails, and all after it. */
static size_t requests_left;

static void *failing_malloc(size_t size)
{
    return requests_left > 0 && requests_left-- > 0 ? malloc(size) : NULL;
}

static void memory_may_run_out_at_any_point(void **state)
{
    sample *s = sample_nothing(*state);
    mtp_status status = MTP_E_NOMEM;
    char *const untouched = (char[]){"untouched"};
    char *text = untouched;
    size_t n = 0;

    json_set_alloc_funcs(failing_malloc, free);
    for (; status != MTP_OK; n++) {
        requests_left = n;
        status = mtp_report(&s->bundle, MTP_FORMAT_JSON, NULL, &text, NULL, NULL);
        if (status != MTP_OK) {
            assert_int_equal(status, MTP_E_NOMEM);
            assert_ptr_equal(text, untouched);
        }
    }
    json_set_alloc_funcs(malloc, free);
    assert_true(n > 100);
    mtp_text_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_figures_are_those_of_the_bundle),
        TEST(groups_and_their_tests_are_those_of_the_bundle),
        TEST(the_header_says_what_was_asked),
        TEST(the_composition_is_that_of_the_bundle),
        TEST(what_does_not_exist_is_null),
        TEST(a_common_effect_stands_alone),
        TEST(an_empty_set_is_null_and_says_so),
        TEST(an_infinite_limit_is_null_with_a_note),
        TEST(an_f_test_has_two_degrees_of_freedom),
        TEST(numbers_are_the_shortest_text),
        TEST(options_keep_their_digits),
        TEST(text_is_escaped_and_kept),
        TEST(memory_may_run_out_at_any_point),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
