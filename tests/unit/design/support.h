/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_UNIT_DESIGN_SUPPORT_H
#define MTP_UNIT_DESIGN_SUPPORT_H

#include "metapool/design.h"

#include "support/test.h"

/* Columns by name: ten studies. */
enum { STUDIES = 10 };

static const char *const product[] = {"Axi", "Ide", "Cil", "Axi", "Ide",
                                      "Cil", "Axi", "Ide", "Axi", "Cil"};
static const char *const setting[] = {"RCT", "RW",  "RCT", "RW", "RW",
                                      "RW",  "RCT", "RCT", "RW", "RCT"};
static const char *const one[] = {"all", "all", "all", "all", "all",
                                  "all", "all", "all", "all", "all"};
static const double dose[] = {10, 2, 1, 2, 10, 2, -0.0, 2, 1, 10};
static const double year_of[] = {2010, 2012, 2015, 2011, 2019,
                                 2020, 2014, 2017, 2013, 2018};
static const double flag[] = {0, 1, 1, 0, 1, 0, 0, 1, 1, 0};
static const double constant[] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
static const double zero[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static const double triple[] = {6030, 6036, 6045, 6033, 6057,
                                6060, 6042, 6051, 6039, 6054};

static inline mtp_design_values values_of(const char *variable)
{
    static const struct {
        const char *name;
        mtp_design_values values;
    } known[] = {{"product", {NULL, product}},   {"setting", {NULL, setting}},
                 {"one", {NULL, one}},           {"dose", {dose, NULL}},
                 {"year", {year_of, NULL}},      {"x > 1", {flag, NULL}},
                 {"constant", {constant, NULL}}, {"zero", {zero, NULL}},
                 {"triple", {triple, NULL}}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, variable) == 0) {
            return known[i].values;
        }
    }
    fail_msg("no values for %s", variable);
    return known[0].values;
}

static inline mtp_status try_build(const char *formula,
                                   const mtp_design_options *options, mtp_design **d,
                                   mtp_error *err)
{
    mtp_design_values values[MTP_FORMULA_LEAVES];
    mtp_formula *f;
    mtp_status status = mtp_formula_parse(formula, &f, err);

    if (status != MTP_OK) {
        return status;
    }
    for (size_t v = 0; v < f->n_variables; v++) {
        values[v] = values_of(f->variable[v]);
    }
    status = mtp_design_build(f, STUDIES, values, options, d, err);
    mtp_formula_free(f);
    return status;
}

static inline mtp_design *build_with(const char *formula,
                                     const mtp_design_options *options)
{
    mtp_design *d = NULL;
    mtp_error err;

    if (try_build(formula, options, &d, &err) != MTP_OK) {
        fail_msg("%s: %s", formula, err.message);
    }
    return d;
}

static inline mtp_design *build(const char *formula)
{
    return build_with(formula, NULL);
}

/* Build, leaving out what depends on others. */
static inline mtp_design *build_dropping(const char *formula)
{
    mtp_design_options options;

    mtp_design_options_init(&options, sizeof options);
    options.drop = true;
    return build_with(formula, &options);
}

static inline void check_refused(const char *formula, const mtp_design_options *options,
                                 mtp_status want, const char *message)
{
    mtp_design *d = NULL;
    mtp_error err;

    assert_int_equal(try_build(formula, options, &d, &err), want);
    assert_string_equal(err.message, message);
    assert_null(d);
}

#endif
