/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read.h"
#include "score.h"
#include "support/test.h"

/* Effects and variances by study, measure by measure, from every column that papers
 * print. A figure that is null is not compared, and the case says why; so
 * it does where its tolerance is larger than ours. */

#define FILES(X)                                                                       \
    X(counts)                                                                          \
    X(correlation)                                                                     \
    X(means)

/* The reference's own rounding is a few units in the 16th digit. */
static const double TOLERANCE = 1e-13;
/* Less than any case is good for: the tolerance judges, the digits are for the record.
 */
static const double DIGITS_OF_ANY = 1.0;

/* What is added to empty cells, and where. */
static void set_correction(const json_t *c, mtp_effects_options *options)
{
    static const char *const to[] = {"only0", "all", "if0all", "none"};
    const json_t *add = json_object_get(c, "add");
    const char *where = json_string_value(json_object_get(c, "to"));

    options->tacc = json_is_string(add);
    if (json_is_number(add)) {
        options->add = json_number_value(add);
    }
    for (size_t i = 0; where && i < sizeof to / sizeof to[0]; i++) {
        if (strcmp(where, to[i]) == 0) {
            options->to = (mtp_add_to)i;
        }
    }
}

static mtp_effects *compute(const json_t *c, const mtp_raw *raw)
{
    const char *code = json_string_value(json_object_get(c, "measure"));
    const char *vtype = json_string_value(json_object_get(c, "vtype"));
    const mtp_measure_info *measure = mtp_measure_from_code(code);
    mtp_effects_options options;
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    mtp_effects_options_init(&options, sizeof options);
    if (!measure) {
        fail_msg("no measure %s", code);
        return NULL;
    }
    options.measure = measure->measure;
    options.correct = !json_is_false(json_object_get(c, "correct"));
    for (int v = 0; vtype && v < MTP_VTYPE_COUNT; v++) {
        if (strcmp(vtype, mtp_vtype_id((mtp_vtype)v)) == 0) {
            options.vtype = (mtp_vtype)v;
        }
    }
    set_correction(c, &options);
    if (mtp_effects_compute(&options, raw, &effects, &err) != MTP_OK) {
        fail_msg("%s: %s", json_string_value(json_object_get(c, "id")), err.message);
    }
    return effects;
}

static void compare(scoreboard *board, const json_t *c, const char *figure, size_t k,
                    const double got[])
{
    const json_t *want = json_object_get(json_object_get(c, "expected"), figure);
    const char *id = json_string_value(json_object_get(c, "id"));
    const json_t *own = json_object_get(json_object_get(c, "tolerance"), figure);
    double tolerance = own ? oracle_number(own) : TOLERANCE;

    assert_true(tolerance <= TOLERANCE || json_object_get(c, "reason"));
    assert_int_equal(json_array_size(want), k);
    for (size_t i = 0; i < k; i++) {
        const json_t *value = json_array_get(want, i);

        if (json_is_null(value)) {
            assert_non_null(json_object_get(c, "reason"));
            continue;
        }
        scoreboard_add(board, json_string_value(json_object_get(c, "measure")), figure,
                       id, got[i], oracle_number(value), DIGITS_OF_ANY);
        if (!mtp_test_close(got[i], oracle_number(value), tolerance, 0.0)) {
            fail_msg("%s: %s of study %zu is %.17g, not %.17g", id, figure, i + 1,
                     got[i], oracle_number(value));
        }
    }
}

static void check_file(const char *name)
{
    json_t *root = oracle_load(name);
    const json_t *cases = json_object_get(root, "cases"), *c;
    scoreboard *board = scoreboard_new(name);
    size_t i;

    assert_true(json_array_size(cases) > 0);
    json_array_foreach(cases, i, c)
    {
        mtp_raw raw = oracle_raw(json_object_get(c, "columns"));
        mtp_effects *effects = compute(c, &raw);

        assert_int_equal(effects->k, raw.k);
        compare(board, c, "yi", raw.k, effects->yi);
        compare(board, c, "vi", raw.k, effects->vi);
        mtp_effects_free(effects);
        oracle_raw_free(&raw);
    }
    scoreboard_print(board);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

#define TEST(name)                                                                     \
    static void name(void **state)                                                     \
    {                                                                                  \
        (void)state;                                                                   \
        check_file("escalc_" #name ".json");                                           \
    }
FILES(TEST)
#undef TEST

int main(void)
{
    const struct CMUnitTest tests[] = {
#define ROW(name) cmocka_unit_test(name),
        FILES(ROW)
#undef ROW
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
