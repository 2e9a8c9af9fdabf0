using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Generation.Data.Migrations
{
    /// <inheritdoc />
    public partial class IndexesOfFilters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_generations_leases",
                table: "generations");

            migrationBuilder.DropIndex(
                name: "ix_generations_lineage",
                table: "generations");

            migrationBuilder.CreateIndex(
                name: "ix_generations_leases",
                table: "generations",
                column: "lease_until",
                filter: "lease_token IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_generations_lineage",
                table: "generations",
                columns: new[] { "parent_id", "id" },
                descending: new[] { false, true },
                filter: "parent_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_generations_own_by_genre",
                table: "generations",
                columns: new[] { "user_id", "genre", "id" },
                descending: new[] { false, false, true },
                filter: "deleted_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_generations_own_by_status",
                table: "generations",
                columns: new[] { "user_id", "status", "id" },
                descending: new[] { false, false, true },
                filter: "deleted_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_generations_leases",
                table: "generations");

            migrationBuilder.DropIndex(
                name: "ix_generations_lineage",
                table: "generations");

            migrationBuilder.DropIndex(
                name: "ix_generations_own_by_genre",
                table: "generations");

            migrationBuilder.DropIndex(
                name: "ix_generations_own_by_status",
                table: "generations");

            migrationBuilder.CreateIndex(
                name: "ix_generations_leases",
                table: "generations",
                column: "lease_until",
                filter: "status IN ('composing', 'rendering', 'mastering')");

            migrationBuilder.CreateIndex(
                name: "ix_generations_lineage",
                table: "generations",
                column: "parent_id",
                filter: "parent_id IS NOT NULL");
        }
    }
}
