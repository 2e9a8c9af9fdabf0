using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Pool.Data.Migrations
{
    /// <inheritdoc />
    public partial class BadgesByLevel : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "alvae_id",
                table: "members");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "alvae_id",
                table: "members",
                type: "text",
                nullable: true);
        }
    }
}
