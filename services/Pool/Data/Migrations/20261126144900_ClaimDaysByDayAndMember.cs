using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Pool.Data.Migrations
{
    /// <inheritdoc />
    public partial class ClaimDaysByDayAndMember : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_claim_days_day",
                table: "claim_days");

            migrationBuilder.CreateIndex(
                name: "ix_claim_days_day",
                table: "claim_days",
                columns: new[] { "day", "user_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_claim_days_day",
                table: "claim_days");

            migrationBuilder.CreateIndex(
                name: "ix_claim_days_day",
                table: "claim_days",
                column: "day");
        }
    }
}
