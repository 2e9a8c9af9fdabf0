using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Profile.Data.Migrations
{
    /// <inheritdoc />
    public partial class Wall : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "active_days",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_active_days", x => new { x.account_id, x.day });
                });

            migrationBuilder.CreateTable(
                name: "badges",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    badge = table.Column<string>(type: "text", nullable: false),
                    awarded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_badges", x => new { x.account_id, x.badge });
                });

            migrationBuilder.CreateTable(
                name: "comments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    generation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    edited_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_comments", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "follows",
                columns: table => new
                {
                    follower_id = table.Column<Guid>(type: "uuid", nullable: false),
                    followee_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_follows", x => new { x.follower_id, x.followee_id });
                });

            migrationBuilder.CreateTable(
                name: "inbox_positions",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inbox_positions", x => x.account_id);
                });

            migrationBuilder.CreateTable(
                name: "notification_preferences",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    muted = table.Column<string[]>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notification_preferences", x => x.account_id);
                });

            migrationBuilder.CreateTable(
                name: "notifications",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    group_key = table.Column<string>(type: "text", nullable: false),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: true),
                    title = table.Column<string>(type: "text", nullable: true),
                    detail = table.Column<string>(type: "text", nullable: true),
                    actors = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    actor_count = table.Column<int>(type: "integer", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    read_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notifications", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "track_likes",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    generation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    liked = table.Column<bool>(type: "boolean", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_track_likes", x => new { x.account_id, x.generation_id });
                });

            migrationBuilder.CreateTable(
                name: "tracks",
                columns: table => new
                {
                    generation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    title = table.Column<string>(type: "text", nullable: true),
                    genre = table.Column<string>(type: "text", nullable: true),
                    mood = table.Column<string>(type: "text", nullable: true),
                    tempo = table.Column<double>(type: "double precision", nullable: true),
                    key = table.Column<string>(type: "text", nullable: true),
                    duration_seconds = table.Column<double>(type: "double precision", nullable: true),
                    quality = table.Column<string>(type: "text", nullable: true),
                    parent_id = table.Column<Guid>(type: "uuid", nullable: true),
                    palette = table.Column<string[]>(type: "text[]", nullable: false),
                    peaks = table.Column<int[]>(type: "integer[]", nullable: false),
                    visibility = table.Column<string>(type: "text", nullable: false),
                    completed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    hidden = table.Column<bool>(type: "boolean", nullable: false),
                    illegal = table.Column<bool>(type: "boolean", nullable: false),
                    hidden_sequence = table.Column<long>(type: "bigint", nullable: false),
                    deleted = table.Column<bool>(type: "boolean", nullable: false),
                    contributed = table.Column<bool>(type: "boolean", nullable: false),
                    contributed_changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    claimed_by = table.Column<Guid>(type: "uuid", nullable: true),
                    likes = table.Column<int>(type: "integer", nullable: false),
                    likes_sequence = table.Column<long>(type: "bigint", nullable: false),
                    plays = table.Column<long>(type: "bigint", nullable: false),
                    comments = table.Column<int>(type: "integer", nullable: false),
                    audible = table.Column<bool>(type: "boolean", nullable: false, computedColumnSql: "completed_at IS NOT NULL AND NOT deleted AND NOT hidden AND (visibility <> 'Private' OR contributed)", stored: true),
                    listed = table.Column<bool>(type: "boolean", nullable: false, computedColumnSql: "completed_at IS NOT NULL AND NOT deleted AND NOT hidden AND (visibility = 'Public' OR contributed)", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tracks", x => x.generation_id);
                });

            migrationBuilder.CreateTable(
                name: "wall_entries",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    generation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    added_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    archived = table.Column<bool>(type: "boolean", nullable: false),
                    pinned = table.Column<bool>(type: "boolean", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_wall_entries", x => new { x.account_id, x.generation_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_comments_author_id",
                table: "comments",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_comments_generation_id_id",
                table: "comments",
                columns: new[] { "generation_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_follows_followers",
                table: "follows",
                columns: new[] { "followee_id", "created_at", "follower_id" });

            migrationBuilder.CreateIndex(
                name: "ix_follows_following",
                table: "follows",
                columns: new[] { "follower_id", "created_at", "followee_id" });

            migrationBuilder.CreateIndex(
                name: "ix_notifications_account_id_position",
                table: "notifications",
                columns: new[] { "account_id", "position" });

            migrationBuilder.CreateIndex(
                name: "ix_notifications_unread_group",
                table: "notifications",
                columns: new[] { "account_id", "group_key" },
                unique: true,
                filter: "read_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_track_likes_in_order",
                table: "track_likes",
                columns: new[] { "account_id", "changed_at", "generation_id" },
                filter: "liked");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_listed_by_owner",
                table: "tracks",
                columns: new[] { "owner_id", "completed_at", "generation_id" },
                filter: "listed");

            migrationBuilder.CreateIndex(
                name: "ix_tracks_owner_id",
                table: "tracks",
                column: "owner_id");

            migrationBuilder.CreateIndex(
                name: "ix_wall_entries_in_order",
                table: "wall_entries",
                columns: new[] { "account_id", "archived", "pinned", "added_at", "generation_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "active_days");

            migrationBuilder.DropTable(
                name: "badges");

            migrationBuilder.DropTable(
                name: "comments");

            migrationBuilder.DropTable(
                name: "follows");

            migrationBuilder.DropTable(
                name: "inbox_positions");

            migrationBuilder.DropTable(
                name: "notification_preferences");

            migrationBuilder.DropTable(
                name: "notifications");

            migrationBuilder.DropTable(
                name: "track_likes");

            migrationBuilder.DropTable(
                name: "tracks");

            migrationBuilder.DropTable(
                name: "wall_entries");
        }
    }
}
