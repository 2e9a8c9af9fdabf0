using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Son1kVers3.Stealth.Data.Migrations
{
    /// <inheritdoc />
    public partial class Rotation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "credentials",
                table: "proxies",
                newName: "secret");

            migrationBuilder.AddColumn<int>(
                name: "health_cooldowns",
                table: "proxies",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "health_failures",
                table: "proxies",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "health_reason",
                table: "proxies",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "health_recoveries",
                table: "proxies",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "health_since",
                table: "proxies",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: DateTimeOffset.UnixEpoch);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "health_until",
                table: "proxies",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "health_version",
                table: "proxies",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "protocol",
                table: "proxies",
                type: "text",
                nullable: false,
                defaultValue: "Http");

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "proxies",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "base_url",
                table: "accounts",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "health_cooldowns",
                table: "accounts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "health_failures",
                table: "accounts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "health_reason",
                table: "accounts",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "health_recoveries",
                table: "accounts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "health_since",
                table: "accounts",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: DateTimeOffset.UnixEpoch);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "health_until",
                table: "accounts",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "health_version",
                table: "accounts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<Guid>(
                name: "proxy_id",
                table: "accounts",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "tags",
                table: "accounts",
                type: "text[]",
                nullable: false,
                defaultValue: new string[0]);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "accounts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "weight",
                table: "accounts",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.CreateTable(
                name: "account_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    secret = table.Column<byte[]>(type: "bytea", nullable: true),
                    mask = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    drain_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revoke_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    refused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    warned_days = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_keys", x => x.id);
                    table.ForeignKey(
                        name: "fk_account_keys_account_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            // The secret of an account becomes its first key, under the same id: the box is bound to it.
            migrationBuilder.Sql(
                """
                INSERT INTO account_keys (id, account_id, secret, mask, status, created_at)
                SELECT id, id, secret, secret_mask, 'Active', created_at FROM accounts;
                """);

            migrationBuilder.DropColumn(
                name: "secret",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "secret_mask",
                table: "accounts");

            migrationBuilder.CreateTable(
                name: "account_leases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key_id = table.Column<Guid>(type: "uuid", nullable: false),
                    fence = table.Column<int>(type: "integer", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    seconds = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_leases", x => x.id);
                    table.ForeignKey(
                        name: "fk_account_leases_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "health_history",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: true),
                    name = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_health_history", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "providers",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    strategy = table.Column<string>(type: "text", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    allow_private_hosts = table.Column<bool>(type: "boolean", nullable: false),
                    is_down = table.Column<bool>(type: "boolean", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    rest = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_providers", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "usage_hours",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hour = table.Column<int>(type: "integer", nullable: false),
                    requests = table.Column<long>(type: "bigint", nullable: false),
                    cents = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage_hours", x => new { x.account_id, x.hour });
                    table.ForeignKey(
                        name: "fk_usage_hours_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_accounts_proxy_id",
                table: "accounts",
                column: "proxy_id");

            migrationBuilder.CreateIndex(
                name: "ix_account_keys_account_id",
                table: "account_keys",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_account_leases_account_id",
                table: "account_leases",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_account_leases_expires_at",
                table: "account_leases",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_account_leases_key_id",
                table: "account_leases",
                column: "key_id");

            migrationBuilder.CreateIndex(
                name: "ix_health_history_at",
                table: "health_history",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_health_history_subject_id",
                table: "health_history",
                columns: new[] { "subject_id", "id" });

            migrationBuilder.AddForeignKey(
                name: "fk_accounts_proxy_proxy_id",
                table: "accounts",
                column: "proxy_id",
                principalTable: "proxies",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_accounts_proxy_proxy_id",
                table: "accounts");

            migrationBuilder.DropTable(
                name: "account_keys");

            migrationBuilder.DropTable(
                name: "account_leases");

            migrationBuilder.DropTable(
                name: "health_history");

            migrationBuilder.DropTable(
                name: "providers");

            migrationBuilder.DropTable(
                name: "usage_hours");

            migrationBuilder.DropIndex(
                name: "ix_accounts_proxy_id",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "health_cooldowns",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "health_failures",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "health_reason",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "health_recoveries",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "health_since",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "health_until",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "health_version",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "protocol",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "version",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "base_url",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "health_cooldowns",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "health_failures",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "health_reason",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "health_recoveries",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "health_since",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "health_until",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "health_version",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "proxy_id",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "tags",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "version",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "weight",
                table: "accounts");

            migrationBuilder.RenameColumn(
                name: "secret",
                table: "proxies",
                newName: "credentials");

            migrationBuilder.AddColumn<byte[]>(
                name: "secret",
                table: "accounts",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.AddColumn<string>(
                name: "secret_mask",
                table: "accounts",
                type: "text",
                nullable: false,
                defaultValue: "");
        }
    }
}
