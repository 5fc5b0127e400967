/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_QUERY_TEST_H
#define MTP_QUERY_TEST_H

#include "table_test.h"

/* One row a death. What is expected was counted by hand, unless a source is named. */
static const char deaths[] = "study,patients,cause,age,site,weight,N,n\n"
                             "B,20,infection,61,x,0.5,1,2\n"
                             "A,10,infection,,y,0.25,1,2\n"
                             "B,20,malignancy,70,x,,1,2\n"
                             "A,10,infection,50,,1,1,2\n"
                             "B,20,,55,x,2,1,2\n"
                             "C,8,HLH,44,,4,1,2\n";

static mtp_table *table;

static inline int read_deaths(void **state)
{
    (void)state;
    table = read_text(deaths);
    return 0;
}

static inline int free_deaths(void **state)
{
    (void)state;
    mtp_table_free(table);
    return 0;
}

static inline mtp_error refuse(const mtp_table *from, const char *sql,
                               mtp_status status)
{
    mtp_table *made = NULL;
    mtp_error err = {0};
    mtp_status got = mtp_table_query(from, sql, &made, &err);

    if (got != status || err.status != status) {
        print_error("%.200s: %s\n", sql, err.message);
    }
    assert_int_equal(got, status);
    assert_int_equal(err.status, status);
    assert_null(made);
    return err;
}

static inline mtp_table *query(const mtp_table *from, const char *sql)
{
    mtp_table *made = NULL;
    mtp_error err = {0};

    if (mtp_table_query(from, sql, &made, &err) != MTP_OK) {
        print_error("%s: %s\n", sql, err.message);
        fail();
    }
    return made;
}

typedef struct query_case {
    const char *sql, *want;
} query_case;

#endif
