/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Queries over a small table: a table or an error. What our grammar lets through and
 * SQLite refuses is a finding, but for its limits on size. A table that is made has
 * columns of one length with names that differ, and can be queried again. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char deaths[] = "study,patients,cause,age,a b,empty,N,n\n"
                             "B,20,infection,61,0.5,,1,2\n"
                             "A,10,infection,,,,1,2\n"
                             "B,20,malignancy,70,-2,,1,2\n"
                             "A,10,,50,1e300,,1,2\n"
                             "C,8,HLH,44,0,,1,2\n";

static void require(int condition)
{
    if (!condition) {
        abort();
    }
}

static int is_finding(mtp_status status, const mtp_error *err)
{
    static const char sqlite[] = "SQL is refused";

    return status == MTP_E_ARG && strncmp(err->message, sqlite, strlen(sqlite)) == 0 &&
           !strstr(err->message, "too large") && !strstr(err->message, "too many");
}

static void check_columns(const mtp_table *table)
{
    for (size_t i = 0; i < mtp_table_columns(table); i++) {
        const mtp_column *column = mtp_table_column(table, i);

        require(column->name[0] != '\0');
        require(column->rows == mtp_table_rows(table));
        require(mtp_table_find(table, column->name) == column);
        for (size_t row = 0; row < column->rows; row++) {
            require((column->text[row] == NULL) == (column->missing[row] == 1));
        }
    }
}

static void check_again(const mtp_table *table)
{
    mtp_table *again = NULL;

    require(mtp_table_query(table, "SELECT * FROM data", &again, NULL) == MTP_OK);
    require(mtp_table_rows(again) == mtp_table_rows(table));
    require(mtp_table_columns(again) == mtp_table_columns(table));
    mtp_table_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *sql = malloc(size + 1);
    mtp_table *table = NULL, *made = NULL;
    mtp_error err;
    mtp_status status;

    require(sql != NULL);
    if (size > 0) {
        memcpy(sql, data, size);
    }
    sql[size] = '\0';
    require(mtp_table_parse_csv("fuzz", deaths, strlen(deaths), NULL, &table, NULL,
                                NULL) == MTP_OK);
    status = mtp_table_query(table, sql, &made, &err);
    mtp_table_free(table);
    require((status == MTP_OK) == (made != NULL));
    require(!is_finding(status, &err));
    if (made) {
        check_columns(made);
        check_again(made);
    }
    mtp_table_free(made);
    free(sql);
    return 0;
}
