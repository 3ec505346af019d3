-- What is read as an object is an object, what is read as a list is a list: a platform that writes [] or null
-- for "nothing chosen" is told so at once, instead of breaking the pages of that creator later.

-- Row level security binds the owner too, so that the rows are mended creator by creator.
do $$
declare
    creator uuid;
    creator_ids uuid[];
begin
    set local role dashboard_platform;
    creator_ids := array(select id from creators order by id);
    reset role;
    foreach creator in array creator_ids loop
        perform set_config('app.creator_id', creator::text, true);

        update creator_preferences
        set
            dashboard_layout = case jsonb_typeof(dashboard_layout) when 'object' then dashboard_layout else '{}' end,
            notification_settings = case jsonb_typeof(notification_settings) when 'object' then notification_settings else '{}' end,
            export_preferences = case jsonb_typeof(export_preferences) when 'object' then export_preferences else '{}' end
        where
            creator_id = creator
            and (
                jsonb_typeof(dashboard_layout) <> 'object'
                or jsonb_typeof(notification_settings) <> 'object'
                or jsonb_typeof(export_preferences) <> 'object'
            );

        -- What it was to hold cannot be known any more: one that is not done yet is not done.
        update export_logs
        set
            filters = '{}',
            status = case when status in ('pending', 'processing') then 'failed' else status end,
            completed_at = case when status in ('pending', 'processing') then dashboard_now() else completed_at end,
            error_message = case
                when status in ('pending', 'processing') then 'Its filters could not be read. Ask for it again.'
                else error_message
            end
        where
            creator_id = creator
            and jsonb_typeof(filters) <> 'object';

        update audit_log
        set detail = jsonb_build_object('value', detail)
        where
            creator_id = creator
            and jsonb_typeof(detail) <> 'object';

        update mail_deliveries
        set payload = '{}'
        where
            creator_id = creator
            and jsonb_typeof(payload) <> 'object';

        -- Without its content it is written anew; one that may be on its way keeps a content.
        update mail_deliveries
        set snapshot = case state when 'sending' then '{}'::jsonb end
        where
            creator_id = creator
            and jsonb_typeof(snapshot) <> 'object';

        update quiz_questions
        set options = '[]'
        where
            creator_id = creator
            and jsonb_typeof(options) <> 'array';
    end loop;
    perform set_config('app.creator_id', '', true);
end;
$$;

alter table creator_preferences
add constraint dashboard_layout_is_a_json_object check (jsonb_typeof(dashboard_layout) = 'object');
alter table creator_preferences
add constraint notification_settings_is_a_json_object check (jsonb_typeof(notification_settings) = 'object');
alter table creator_preferences
add constraint export_preferences_is_a_json_object check (jsonb_typeof(export_preferences) = 'object');
alter table export_logs add constraint filters_is_a_json_object check (jsonb_typeof(filters) = 'object');
alter table audit_log add constraint detail_is_a_json_object check (jsonb_typeof(detail) = 'object');
alter table mail_deliveries add constraint payload_is_a_json_object check (jsonb_typeof(payload) = 'object');
alter table mail_deliveries add constraint snapshot_is_a_json_object check (jsonb_typeof(snapshot) = 'object');
alter table quiz_questions add constraint options_is_a_json_array check (jsonb_typeof(options) = 'array');
