using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Profile.Data.Migrations
{
    /// <inheritdoc />
    public partial class Search : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<float[]>(
                name: "features",
                table: "tracks",
                type: "real[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.Sql(MigrationSql.Of("Search"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP TABLE search_documents, search_words;
                DROP FUNCTION search_track, search_person, search_fuzzy, search_exact, search_alternatives, search_put, search_tokens, search_fold CASCADE;
                """);

            migrationBuilder.DropColumn(
                name: "features",
                table: "tracks");
        }
    }
}
