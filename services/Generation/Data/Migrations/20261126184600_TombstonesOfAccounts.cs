using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Generation.Data.Migrations
{
    /// <inheritdoc />
    public partial class TombstonesOfAccounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "user_id",
                table: "export_parts",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "finished_at",
                table: "deleted_accounts",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_deleted_accounts_to_remove",
                table: "deleted_accounts",
                column: "deleted_at",
                filter: "finished_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_deleted_accounts_to_remove",
                table: "deleted_accounts");

            migrationBuilder.DropColumn(
                name: "user_id",
                table: "export_parts");

            migrationBuilder.DropColumn(
                name: "finished_at",
                table: "deleted_accounts");
        }
    }
}
