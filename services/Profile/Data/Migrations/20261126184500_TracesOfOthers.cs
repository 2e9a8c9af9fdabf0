using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Profile.Data.Migrations
{
    /// <inheritdoc />
    public partial class TracesOfOthers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                ALTER TABLE inbox_positions RENAME TO notification_positions;
                ALTER INDEX pk_inbox_positions RENAME TO pk_notification_positions;
                UPDATE notifications SET detail = lower(regexp_replace(detail, '([a-z])([A-Z])', '\1-\2', 'g')) WHERE kind = 'BadgeAwarded';
                """);

            migrationBuilder.CreateIndex(
                name: "ix_tracks_claimed_by",
                table: "tracks",
                column: "claimed_by",
                filter: "claimed_by IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_notifications_actors",
                table: "notifications",
                column: "actors")
                .Annotation("Npgsql:IndexMethod", "gin");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tracks_claimed_by",
                table: "tracks");

            migrationBuilder.DropIndex(
                name: "ix_notifications_actors",
                table: "notifications");

            migrationBuilder.Sql(
                """
                ALTER INDEX pk_notification_positions RENAME TO pk_inbox_positions;
                ALTER TABLE notification_positions RENAME TO inbox_positions;
                """);
        }
    }
}
