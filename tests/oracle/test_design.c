/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/design.h"

#include "read.h"
#include "support/test.h"

#include <stdlib.h>

/* Design matrices against R's model.matrix (design_r.json): terms, columns, their
 * names and values, and which of them depend on others. */

/* R computes poly() and rcs() in doubles, and centred at the mean. */
static const double TOL_R = 1e-11;

/* Values of the variables of a formula, from the data of the file. */
typedef struct bound {
    mtp_design_values values[MTP_FORMULA_LEAVES];
    double *number[MTP_FORMULA_LEAVES];
    const char **text[MTP_FORMULA_LEAVES];
    size_t k;
} bound;

static const char **texts(const json_t *array)
{
    const char **text = calloc(json_array_size(array), sizeof *text);

    assert_non_null(text);
    for (size_t i = 0; i < json_array_size(array); i++) {
        text[i] = json_string_value(json_array_get(array, i));
    }
    return text;
}

static bound bind(const mtp_formula *f, const json_t *data)
{
    bound b = {0};

    for (size_t v = 0; v < f->n_variables; v++) {
        bool greater = strcmp(f->variable[v], "x > 2") == 0;
        const json_t *column = json_object_get(data, greater ? "x" : f->variable[v]);

        assert_non_null(column);
        b.k = json_array_size(column);
        if (json_is_string(json_array_get(column, 0))) {
            b.text[v] = texts(column);
        } else {
            b.number[v] = oracle_numbers(column, &b.k);
        }
        for (size_t i = 0; greater && i < b.k; i++) {
            b.number[v][i] = b.number[v][i] > 2.0;
        }
        b.values[v] = (mtp_design_values){b.number[v], b.text[v]};
    }
    return b;
}

static void release(bound *b)
{
    for (size_t v = 0; v < MTP_FORMULA_LEAVES; v++) {
        free(b->number[v]);
        free(b->text[v]);
    }
}

static void check_text(const json_t *c, const char *got, const json_t *want)
{
    if (strcmp(got, json_string_value(want)) != 0) {
        fail_msg("%s: '%s', not '%s'", json_string_value(json_object_get(c, "formula")),
                 got, json_string_value(want));
    }
}

static bool is_aliased(const json_t *c, size_t column)
{
    size_t i;
    json_t *value;

    json_array_foreach(json_object_get(c, "aliased"), i, value)
    {
        if ((size_t)json_integer_value(value) == column) {
            return true;
        }
    }
    return false;
}

static void check_column(const json_t *c, const mtp_design *d, size_t j, size_t of_r,
                         const json_t *columns)
{
    const json_t *index = json_array_get(json_object_get(c, "values"), of_r);
    const json_t *values = json_array_get(columns, (size_t)json_integer_value(index));
    json_int_t term =
        json_integer_value(json_array_get(json_object_get(c, "assign"), of_r));

    check_text(c, d->column_name[j],
               json_array_get(json_object_get(c, "columns"), of_r));
    assert_int_equal(d->column_term[j], term == 0 ? d->n_terms : (size_t)term - 1);
    for (size_t i = 0; i < d->k; i++) {
        assert_close(d->x[i * d->p + j], oracle_number(json_array_get(values, i)),
                     TOL_R, TOL_R);
    }
}

static void check_design(const json_t *c, const mtp_design *d, const json_t *columns)
{
    size_t n_columns = json_array_size(json_object_get(c, "columns"));
    size_t kept = 0, left_out = 0;

    for (size_t j = 0; j < n_columns; j++) {
        if (is_aliased(c, j)) {
            assert_true(left_out < d->n_aliases);
            check_text(c, d->alias[left_out++].name,
                       json_array_get(json_object_get(c, "columns"), j));
        } else {
            assert_true(kept < d->p);
            check_column(c, d, kept++, j, columns);
        }
    }
    assert_int_equal(kept, d->p);
    assert_int_equal(left_out, d->n_aliases);
}

/* Without `drop` the same design is refused where a column depends on others. */
static void check_refusal(const json_t *c, const mtp_formula *f, bound *b,
                          mtp_design_options *options)
{
    bool full = json_array_size(json_object_get(c, "aliased")) == 0;
    mtp_design *d = NULL;

    options->drop = false;
    assert_int_equal(mtp_design_build(f, b->k, b->values, options, &d, NULL),
                     full ? MTP_OK : MTP_E_DEGENERATE);
    mtp_design_free(d);
}

static void run_case(const json_t *c, const json_t *file)
{
    const char *ref = json_string_value(json_object_get(c, "ref"));
    const mtp_design_ref a = {"a", ref};
    const json_t *terms = json_object_get(c, "terms");
    mtp_design_options options;
    mtp_formula *f;
    mtp_design *d;
    mtp_error err;
    bound b;

    mtp_design_options_init(&options, sizeof options);
    options.drop = true;
    options.refs = &a;
    options.n_refs = ref != NULL;
    assert_int_equal(
        mtp_formula_parse(json_string_value(json_object_get(c, "formula")), &f, &err),
        MTP_OK);
    b = bind(f, json_object_get(file, "data"));
    b.k = json_array_size(json_object_get(json_object_get(file, "data"), "x"));
    if (mtp_design_build(f, b.k, b.values, &options, &d, &err) != MTP_OK) {
        fail_msg("%s: %s", f->text, err.message);
    }
    assert_int_equal(d->n_terms, json_array_size(terms));
    for (size_t t = 0; t < d->n_terms; t++) {
        check_text(c, d->term_name[t], json_array_get(terms, t));
    }
    check_design(c, d, json_object_get(file, "column"));
    check_refusal(c, f, &b, &options);
    mtp_design_free(d);
    mtp_formula_free(f);
    release(&b);
}

static void model_matrix_of_r(void **state)
{
    json_t *file = oracle_load("design_r.json"), *c;
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(file, "cases"), i, c)
    {
        run_case(c, file);
    }
    assert_true(i > 100);
    json_decref(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(model_matrix_of_r)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
