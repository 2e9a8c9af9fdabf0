using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Billing.Data.Migrations
{
    /// <inheritdoc />
    public partial class WhatWasPaidAndKept : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "stripe_calls");

            migrationBuilder.DropColumn(
                name: "dispute",
                table: "invoices");

            migrationBuilder.RenameColumn(
                name: "told_refunded_cents",
                table: "invoices",
                newName: "refunded_cents_published");

            migrationBuilder.RenameColumn(
                name: "told_paid",
                table: "invoices",
                newName: "paid_published");

            migrationBuilder.RenameColumn(
                name: "told_exhausted",
                table: "buckets",
                newName: "exhausted_published");

            migrationBuilder.RenameColumn(
                name: "told_tier",
                table: "accounts",
                newName: "published_tier");

            migrationBuilder.RenameColumn(
                name: "told_alvae",
                table: "accounts",
                newName: "published_alvae");

            migrationBuilder.CreateSequence(
                name: "lease_fences");

            // A row without a customer says nothing: the next checkout makes both. Several would all become the same empty id.
            migrationBuilder.Sql("DELETE FROM stripe_customers WHERE customer_id IS NULL");

            migrationBuilder.AlterColumn<string>(
                name: "customer_id",
                table: "stripe_customers",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldNullable: true);

            migrationBuilder.AddColumn<long>(
                name: "reading_applied",
                table: "stripe_customers",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "readings_begun",
                table: "stripe_customers",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "disputed_cents",
                table: "invoices",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "tax_cents",
                table: "invoices",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AlterColumn<Guid>(
                name: "operator_id",
                table: "audit",
                type: "uuid",
                nullable: true,
                oldClrType: typeof(Guid),
                oldType: "uuid");

            migrationBuilder.AddColumn<string>(
                name: "subject",
                table: "audit",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "anonymised_at",
                table: "accounts",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "refill_at",
                table: "accounts",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "leases",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    owner = table.Column<string>(type: "text", nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leases", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "stripe_refusals",
                columns: table => new
                {
                    operation = table.Column<string>(type: "text", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stripe_refusals", x => x.operation);
                });

            migrationBuilder.CreateIndex(
                name: "ux_audit_action_subject",
                table: "audit",
                columns: new[] { "action", "subject" },
                unique: true,
                filter: "subject IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_to_anonymise",
                table: "accounts",
                column: "deleted_at",
                filter: "deleted_at IS NOT NULL AND anonymised_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_leases_until",
                table: "leases",
                column: "until");

            migrationBuilder.CreateIndex(
                name: "ix_stripe_refusals_last_at",
                table: "stripe_refusals",
                column: "last_at");

            migrationBuilder.AddFunctions("QuotaFunctions.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "leases");

            migrationBuilder.DropTable(
                name: "stripe_refusals");

            migrationBuilder.DropIndex(
                name: "ux_audit_action_subject",
                table: "audit");

            migrationBuilder.DropIndex(
                name: "ix_accounts_to_anonymise",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "reading_applied",
                table: "stripe_customers");

            migrationBuilder.DropColumn(
                name: "readings_begun",
                table: "stripe_customers");

            migrationBuilder.DropColumn(
                name: "disputed_cents",
                table: "invoices");

            migrationBuilder.DropColumn(
                name: "tax_cents",
                table: "invoices");

            migrationBuilder.DropColumn(
                name: "subject",
                table: "audit");

            migrationBuilder.DropColumn(
                name: "anonymised_at",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "refill_at",
                table: "accounts");

            migrationBuilder.DropSequence(
                name: "lease_fences");

            migrationBuilder.RenameColumn(
                name: "refunded_cents_published",
                table: "invoices",
                newName: "told_refunded_cents");

            migrationBuilder.RenameColumn(
                name: "paid_published",
                table: "invoices",
                newName: "told_paid");

            migrationBuilder.RenameColumn(
                name: "exhausted_published",
                table: "buckets",
                newName: "told_exhausted");

            migrationBuilder.RenameColumn(
                name: "published_tier",
                table: "accounts",
                newName: "told_tier");

            migrationBuilder.RenameColumn(
                name: "published_alvae",
                table: "accounts",
                newName: "told_alvae");

            migrationBuilder.AlterColumn<string>(
                name: "customer_id",
                table: "stripe_customers",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AddColumn<string>(
                name: "dispute",
                table: "invoices",
                type: "text",
                nullable: true);

            migrationBuilder.AlterColumn<Guid>(
                name: "operator_id",
                table: "audit",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"),
                oldClrType: typeof(Guid),
                oldType: "uuid",
                oldNullable: true);

            migrationBuilder.CreateTable(
                name: "stripe_calls",
                columns: table => new
                {
                    operation = table.Column<string>(type: "text", nullable: false),
                    answer = table.Column<string>(type: "jsonb", nullable: true),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    form = table.Column<string>(type: "text", nullable: false),
                    path = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stripe_calls", x => x.operation);
                });

            migrationBuilder.CreateIndex(
                name: "ix_stripe_calls_created_at",
                table: "stripe_calls",
                column: "created_at");
        }
    }
}
