/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/report.h"

#include "samples.h"
#include "support/c_number.h"
#include "support/test.h"

#include <stdlib.h>

enum { FIELDS_MAX = 40 };

/* A line of CSV without line breaks in its fields, taken apart in place. */
static size_t split(char *line, char *field[FIELDS_MAX])
{
    size_t n = 0;

    for (char *at = line; n < FIELDS_MAX; at++) {
        bool quoted = *at == '"';
        char *to = at = quoted ? at + 1 : at;

        field[n++] = to;
        while (*at && (quoted ? !(at[0] == '"' && at[1] != '"') : *at != ',')) {
            at += quoted && at[0] == '"';
            *to++ = *at++;
        }
        at += quoted;
        if (*at == '\0') {
            *to = '\0';
            break;
        }
        assert_int_equal(*at, ',');
        *to = '\0';
    }
    return n;
}

/* A CSV report as a rectangle of texts. */
typedef struct table {
    char *text;
    size_t columns, rows; /* rows below the header */
    char *cell[70][FIELDS_MAX];
} table;

static table *read_table(const sample *s)
{
    table *t = calloc(1, sizeof *t);
    size_t lines = 0;
    mtp_error err;

    assert_non_null(t);
    assert_int_equal(mtp_report(&s->bundle, MTP_FORMAT_CSV, NULL, &t->text, NULL, &err),
                     MTP_OK);
    for (char *line = t->text, *end; *line; line = end + 1) {
        size_t n;

        end = strchr(line, '\n');
        assert_non_null(end);
        *end = '\0';
        n = split(line, t->cell[lines]);
        assert_true(lines == 0 || n == t->columns);
        t->columns = n;
        lines++;
    }
    t->rows = lines - 1;
    return t;
}

static void free_table(table *t)
{
    mtp_text_free(t->text);
    free(t);
}

/* The cell of a row (1 is the first) in the column of that name. */
static const char *get(const table *t, size_t row, const char *column)
{
    for (size_t j = 0; j < t->columns; j++) {
        if (strcmp(t->cell[0][j], column) == 0) {
            return t->cell[row][j];
        }
    }
    fail_msg("no column '%s'", column);
    return NULL;
}

static void expect_number(const table *t, size_t row, const char *column, double want)
{
    const char *text = get(t, row, column);
    char *end;

    assert_true(*text);
    assert_true(c_strtod(text, &end) == want); /* to the last bit */
    assert_true(*end == '\0');
}

static void expect_header(const table *t, const char *header)
{
    char joined[512] = "";

    for (size_t j = 0; j < t->columns; j++) {
        (void)snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s",
                       j ? "," : "", t->cell[0][j]);
    }
    assert_string_equal(joined, header);
}

static void pool_has_a_row_for_each_pooled_estimate(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    sample *s = sample_glmm(arena);
    table *t = read_table(s);
    const mtp_pooled *overall = &s->pool.overall;

    (void)state;
    expect_header(
        t, "group,model,k,events,n,time,estimate,se,ci_lower,ci_upper,pi_lower,"
           "pi_upper,statistic,df,p,log_p,natural_estimate,natural_ci_lower,"
           "natural_ci_upper,natural_pi_lower,natural_pi_upper,Q,Q_df,Q_p,tau2,"
           "tau2_ci_lower,tau2_ci_upper,I2,H2,method,tau2_method,ci_method,pi_method");
    assert_int_equal(t->rows, 10);
    assert_string_equal(get(t, 1, "group"), "");
    assert_string_equal(get(t, 1, "model"), "common");
    assert_string_equal(get(t, 2, "model"), "random");
    assert_string_equal(get(t, 9, "group"), "MM");
    expect_number(t, 2, "n", 7604.0);
    expect_number(t, 1, "estimate", overall->common.estimate);
    expect_number(t, 2, "estimate", overall->random.estimate);
    expect_number(t, 2, "se", overall->random.ci.se);
    expect_number(t, 2, "pi_upper", overall->random.pi.upper);
    expect_number(t, 2, "natural_ci_lower", overall->random.back.ci_lower);
    expect_number(t, 10, "natural_estimate", s->groups[3].random.back.estimate);
    expect_number(t, 2, "Q", overall->heterogeneity.Q);
    expect_number(t, 2, "tau2", overall->heterogeneity.tau2);
    expect_number(t, 2, "H2", overall->heterogeneity.H2);
    assert_string_equal(get(t, 1, "pi_lower"), "");
    assert_string_equal(get(t, 2, "p"), "");
    assert_string_equal(get(t, 2, "time"), "");
    assert_string_equal(get(t, 2, "tau2_ci_lower"), "");
    assert_string_equal(get(t, 2, "method"), "glmm");
    assert_string_equal(get(t, 2, "pi_method"), "v");
    free_table(t);
    mtp_arena_free(arena);
}

static void an_inverse_variance_row_has_its_test_and_interval(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    sample *s = sample_inverse(arena);
    table *t = read_table(s);

    (void)state;
    expect_number(t, 2, "statistic", -3.9522398865252481);
    expect_number(t, 2, "df", 12.0);
    expect_number(t, 1, "log_p", -59.039259335391965);
    expect_number(t, 2, "tau2_ci_upper", 1.1114790840609290);
    assert_string_equal(get(t, 1, "df"), "");
    assert_string_equal(get(t, 1, "ci_method"), "wald");
    assert_string_equal(get(t, 2, "ci_method"), "hksj");
    free_table(t);
    mtp_arena_free(arena);
}

static void what_does_not_exist_is_empty(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    table *t = read_table(sample_nothing(arena));

    (void)state;
    assert_int_equal(t->rows, 2);
    expect_number(t, 1, "k", 6.0);
    assert_string_equal(get(t, 1, "estimate"), "");
    assert_string_equal(get(t, 2, "natural_estimate"), "");
    assert_string_equal(get(t, 2, "tau2"), "");
    assert_string_equal(get(t, 2, "ci_method"), "");
    free_table(t);
    mtp_arena_free(arena);
}

static void a_common_effect_stands_alone(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    table *t = read_table(sample_common(arena));

    (void)state;
    assert_string_equal(get(t, 1, "model"), "common");
    expect_number(t, 1, "estimate", -1.9459101490553133);
    expect_number(t, 1, "se", 0.47809144373375746);
    assert_string_equal(get(t, 1, "ci_method"), "wald");
    assert_string_equal(get(t, 2, "estimate"), "");
    assert_string_equal(get(t, 2, "natural_estimate"), "");
    assert_string_equal(get(t, 2, "ci_method"), "");
    assert_string_equal(get(t, 2, "tau2"), "");
    free_table(t);
    mtp_arena_free(arena);
}

static void effects_are_quoted_where_they_must_be(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    sample *s = sample_effects(arena);
    table *t;
    char *text;

    (void)state;
    s->studies[0].name = "Smith, J. \"the first\"";
    s->studies[1].name = " blanks ";
    s->studies[2].name = "plain; not quoted";
    s->studies[3].name = "the \"second\"";
    t = read_table(s);
    expect_header(t, "row,study,yi,vi,sei,events,n,time");
    assert_int_equal(t->rows, 52);
    assert_string_equal(get(t, 1, "study"), "Smith, J. \"the first\"");
    assert_string_equal(get(t, 2, "study"), " blanks ");
    expect_number(t, 52, "yi", s->studies[51].yi);
    expect_number(t, 52, "n", 33.0);
    free_table(t);
    s->studies[1].name = "two\nlines";
    assert_int_equal(mtp_report(&s->bundle, MTP_FORMAT_CSV, NULL, &text, NULL, NULL),
                     MTP_OK);
    assert_non_null(strstr(text, "\n1,\"Smith, J. \"\"the first\"\"\",-3.6224"));
    assert_non_null(strstr(text, "\n2,\"two\nlines\",-2.9368"));
    assert_non_null(strstr(text, "\n3,plain; not quoted,-1.5546"));
    assert_non_null(strstr(text, "\n4,\"the \"\"second\"\"\",-2.4159"));
    mtp_text_free(text);
    mtp_arena_free(arena);
}

static void composition_has_a_row_for_each_share(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    sample *s = sample_composition(arena);
    table *t = read_table(s);

    (void)state;
    expect_header(t, "group,category,count,share,wilson_lower,wilson_upper,"
                     "goodman_lower,goodman_upper,residual");
    assert_int_equal(t->rows, 21);
    assert_string_equal(get(t, 1, "group"), "");
    assert_string_equal(get(t, 1, "residual"), "");
    assert_string_equal(get(t, 21, "group"), "RW");
    assert_string_equal(get(t, 21, "category"), "HLH");
    expect_number(t, 1, "count", 292.0);
    expect_number(t, 8, "share", 75.0 / 127.0);
    expect_number(t, 10, "goodman_upper", s->composition.group[0].share[2].goodman[1]);
    expect_number(t, 10, "residual", s->composition.group[0].share[2].residual);
    free_table(t);
    mtp_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pool_has_a_row_for_each_pooled_estimate),
        cmocka_unit_test(an_inverse_variance_row_has_its_test_and_interval),
        cmocka_unit_test(what_does_not_exist_is_empty),
        cmocka_unit_test(a_common_effect_stands_alone),
        cmocka_unit_test(effects_are_quoted_where_they_must_be),
        cmocka_unit_test(composition_has_a_row_for_each_share),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
