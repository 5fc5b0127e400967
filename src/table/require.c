/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "table/cells.h"
#include "table/collector.h"
#include "table/complaint.h"
#include "table/table.h"

#include <assert.h>

mtp_status mtp_table_require_numbers(const mtp_table *table, const mtp_column *column,
                                     mtp_problems *problems, mtp_error *err)
{
    mtp_collector collector = {
        .source = table->source, .problems = problems, .err = err};
    mtp_cell_rules rules = {.decimal = table->decimal};

    assert(column->rows == table->rows);
    if (column->type == MTP_NUMBER) {
        return MTP_OK;
    }
    for (size_t i = 0; i < column->rows; i++) {
        double value;

        if (!column->missing[i] &&
            mtp_cell_read(column->text[i], rules, &value) != MTP_CELL_NUMBER) {
            char message[MTP_ERROR_MESSAGE];
            mtp_error problem;

            mtp_number_complaint(column->text[i], table->decimal, message,
                                 sizeof message);
            (void)mtp_fail_at(&problem, MTP_E_DATA, NULL, 0, column->name, "%s",
                              message);
            mtp_table_place(table, i, &problem);
            mtp_collect_error(&collector, &problem);
        }
    }
    return collector.status;
}
