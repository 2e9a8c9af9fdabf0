using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Generation.Data.Migrations
{
    /// <inheritdoc />
    public partial class FailuresAndChanges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "failure_streaks",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    delay = table.Column<TimeSpan>(type: "interval", nullable: false, computedColumnSql: "CASE WHEN failures < 3 THEN interval '0' ELSE interval '30 seconds' * power(2, LEAST(failures - 3, 5)) END", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_failure_streaks", x => x.user_id);
                });
            // Told at commit to every process that keeps finished tracks in memory: no statement can forget it.
            migrationBuilder.Sql(
                """
                CREATE FUNCTION notify_track_changed() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_notify('track_changed', to_jsonb(OLD)->>TG_ARGV[0]);
                    RETURN NULL;
                END $$;
                CREATE TRIGGER tracks_changed AFTER UPDATE OF title, visibility, hidden_at, hidden_reason, deleted_at, contributed, archived_at, request, plan ON tracks
                    FOR EACH ROW WHEN (OLD.status = 'completed') EXECUTE FUNCTION notify_track_changed('id');
                CREATE TRIGGER track_files_changed AFTER UPDATE OR DELETE ON track_files
                    FOR EACH ROW EXECUTE FUNCTION notify_track_changed('track_id');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP TRIGGER track_files_changed ON track_files;
                DROP TRIGGER tracks_changed ON tracks;
                DROP FUNCTION notify_track_changed;
                """);
            migrationBuilder.DropTable(
                name: "failure_streaks");
        }
    }
}
