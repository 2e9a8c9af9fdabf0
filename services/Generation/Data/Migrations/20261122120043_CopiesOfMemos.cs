using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Generation.Data.Migrations
{
    /// <inheritdoc />
    public partial class CopiesOfMemos : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_voice_memos_copies",
                table: "voice_memos",
                column: "fingerprint",
                filter: "fingerprint IS NOT NULL")
                .Annotation("Npgsql:IndexMethod", "hash");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_voice_memos_copies",
                table: "voice_memos");
        }
    }
}
