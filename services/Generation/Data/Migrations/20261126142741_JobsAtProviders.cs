using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Generation.Data.Migrations
{
    /// <inheritdoc />
    public partial class JobsAtProviders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "checkpoint",
                table: "tracks",
                type: "jsonb",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_tracks_left_at_providers",
                table: "tracks",
                column: "finished_at",
                filter: "checkpoint IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tracks_left_at_providers",
                table: "tracks");

            migrationBuilder.DropColumn(
                name: "checkpoint",
                table: "tracks");
        }
    }
}
