using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Generation.Data.Migrations
{
    /// <inheritdoc />
    public partial class TracksFilesAndDownloads : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Kept by hand: tables and columns are renamed, nothing is lost.
            migrationBuilder.Sql(
                """
                ALTER TABLE generations RENAME TO tracks;
                ALTER INDEX pk_generations RENAME TO pk_tracks;
                ALTER INDEX ix_generations_own_list RENAME TO ix_tracks_own_list;
                ALTER INDEX ix_generations_own_by_status RENAME TO ix_tracks_own_by_status;
                ALTER INDEX ix_generations_own_by_genre RENAME TO ix_tracks_own_by_genre;
                ALTER INDEX ix_generations_queue RENAME TO ix_tracks_queue;
                ALTER INDEX ix_generations_queue_of_user RENAME TO ix_tracks_queue_of_user;
                ALTER INDEX ix_generations_leases RENAME TO ix_tracks_leases;
                ALTER INDEX ix_generations_lineage RENAME TO ix_tracks_lineage;
                ALTER INDEX ix_generations_finished RENAME TO ix_tracks_finished;
                ALTER INDEX ix_generations_last_played RENAME TO ix_tracks_last_played;
                DROP INDEX ix_generations_pool;
                DROP INDEX ix_generations_restores;
                ALTER TABLE tracks ADD palette text[] NOT NULL DEFAULT '{}', ADD peaks integer[] NOT NULL DEFAULT '{}', ADD features real[] NOT NULL DEFAULT '{}',
                    ADD measures_version integer NOT NULL DEFAULT 0, ADD contributed boolean NOT NULL DEFAULT false, ADD hidden_at timestamptz, ADD hidden_reason text;
                UPDATE tracks SET contributed = true WHERE pool_track_id IS NOT NULL;
                ALTER TABLE tracks DROP pool_track_id,
                    ALTER palette DROP DEFAULT, ALTER peaks DROP DEFAULT, ALTER features DROP DEFAULT, ALTER measures_version DROP DEFAULT, ALTER contributed DROP DEFAULT;
                """);

            // Which title stands in a score is not known: it is written into it when it is next asked for. Covers are drawn anew, of the palette that cards show.
            migrationBuilder.Sql(
                """
                ALTER TABLE generation_files RENAME TO track_files;
                ALTER TABLE track_files RENAME generation_id TO track_id;
                ALTER TABLE track_files ADD variant integer NOT NULL DEFAULT 0, ADD title text, ADD stored_at timestamptz;
                ALTER TABLE track_files DROP CONSTRAINT pk_generation_files;
                DELETE FROM track_files WHERE kind = 'cover';
                UPDATE track_files SET variant = split_part(format, '.', 1)::integer, format = 'json' WHERE kind = 'waveform';
                UPDATE track_files SET kind = 'archive' WHERE kind = 'cold';
                UPDATE track_files f SET stored_at = date_trunc('second', COALESCE(t.finished_at, t.created_at)),
                    title = CASE WHEN f.kind = 'audio' THEN t.title WHEN f.kind IN ('midi', 'score') THEN '' END
                FROM tracks t WHERE t.id = f.track_id;
                DELETE FROM track_files WHERE stored_at IS NULL;
                ALTER TABLE track_files ADD CONSTRAINT pk_track_files PRIMARY KEY (track_id, kind, format, variant), ALTER variant DROP DEFAULT, ALTER stored_at SET NOT NULL;
                """);

            migrationBuilder.CreateTable(
                name: "member_positions",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_member_positions", x => x.user_id);
                });

            migrationBuilder.Sql(
                """
                ALTER TABLE generation_events RENAME TO track_events;
                ALTER TABLE track_events RENAME generation_id TO track_id;
                ALTER INDEX pk_generation_events RENAME TO pk_track_events;
                ALTER TABLE track_events ADD user_id uuid, ADD position bigint;
                UPDATE track_events e SET user_id = n.user_id, position = n.position FROM (
                    SELECT e.track_id, e.sequence, t.user_id, row_number() OVER (PARTITION BY t.user_id ORDER BY e.at, e.track_id, e.sequence) AS position
                    FROM track_events e JOIN tracks t ON t.id = e.track_id) n
                WHERE (n.track_id, n.sequence) = (e.track_id, e.sequence);
                DELETE FROM track_events WHERE user_id IS NULL;
                ALTER TABLE track_events ALTER user_id SET NOT NULL, ALTER position SET NOT NULL;
                INSERT INTO member_positions (user_id, position) SELECT user_id, max(position) FROM track_events GROUP BY user_id;
                ALTER TABLE intents RENAME TO pending_reservations;
                ALTER INDEX pk_intents RENAME TO pk_pending_reservations;
                ALTER INDEX ix_intents_touched_at RENAME TO ix_pending_reservations_touched_at;
                DELETE FROM workers;
                """);

            migrationBuilder.AddColumn<string>(
                name: "providers",
                table: "workers",
                type: "jsonb",
                nullable: false);

            migrationBuilder.CreateSequence(
                name: "lease_fences");

            migrationBuilder.CreateTable(
                name: "claims",
                columns: table => new
                {
                    track_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_claims", x => new { x.track_id, x.user_id });
                });

            migrationBuilder.CreateTable(
                name: "deleted_accounts",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deleted_accounts", x => x.user_id);
                });

            migrationBuilder.CreateTable(
                name: "downloads",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    track_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    format = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    progress = table.Column<int>(type: "integer", nullable: false),
                    bytes = table.Column<long>(type: "bigint", nullable: false),
                    key = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_downloads", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "export_parts",
                columns: table => new
                {
                    export_id = table.Column<Guid>(type: "uuid", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    index = table.Column<int>(type: "integer", nullable: false),
                    last = table.Column<bool>(type: "boolean", nullable: false),
                    json = table.Column<string>(type: "text", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_export_parts", x => new { x.export_id, x.service, x.index });
                });

            migrationBuilder.CreateTable(
                name: "file_requests",
                columns: table => new
                {
                    track_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    format = table.Column<string>(type: "text", nullable: false),
                    variant = table.Column<int>(type: "integer", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    turn = table.Column<long>(type: "bigint", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_file_requests", x => new { x.track_id, x.kind, x.format, x.variant });
                });

            migrationBuilder.CreateTable(
                name: "leases",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    owner = table.Column<string>(type: "text", nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leases", x => x.name);
                });

            migrationBuilder.CreateIndex(
                name: "ix_claims_of_member",
                table: "claims",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_downloads_expiry",
                table: "downloads",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_downloads_own_list",
                table: "downloads",
                columns: new[] { "user_id", "id" },
                descending: new[] { false, true });

            migrationBuilder.CreateIndex(
                name: "ix_downloads_queue",
                table: "downloads",
                column: "created_at",
                filter: "status IN ('queued', 'running')");

            migrationBuilder.CreateIndex(
                name: "ix_file_requests_of_member",
                table: "file_requests",
                columns: new[] { "user_id", "turn" });

            migrationBuilder.CreateIndex(
                name: "ix_file_requests_queue",
                table: "file_requests",
                columns: new[] { "turn", "requested_at" });

            migrationBuilder.CreateIndex(
                name: "ix_leases_until",
                table: "leases",
                column: "until");

            migrationBuilder.CreateIndex(
                name: "ix_track_events_of_member",
                table: "track_events",
                columns: new[] { "user_id", "position" });

            migrationBuilder.CreateIndex(
                name: "ix_tracks_to_measure",
                table: "tracks",
                columns: new[] { "measures_version", "id" },
                filter: "status = 'completed' AND deleted_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new NotSupportedException("Earlier versions do not know what these tables hold.");
    }
}
